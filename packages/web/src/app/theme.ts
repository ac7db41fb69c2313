export type Theme = 'system' | 'light' | 'dark';

/** public/theme.js reads the same key before the first paint. */
const KEY = 'castellan.theme';
const DARK = 'pf-v6-theme-dark';

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system'; // storage is forbidden: follow the system
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is forbidden: the choice holds until the page is left.
    document.documentElement.dataset.theme = theme;
  }
  paint(theme);
}

/** Follows the system's own change of mind at dusk, unless somebody chose. Paper is light. */
export function followSystem(): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print'])
    matchMedia(query).addEventListener('change', () => paint(storedTheme()));
}

function paint(theme: Theme): void {
  const isPaper = matchMedia('print').matches;
  const isDark =
    !isPaper &&
    (theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches));
  document.documentElement.classList.toggle(DARK, isDark);
}
