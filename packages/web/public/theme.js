// Runs before the first paint, so that a dark console never flashes white. A file and not an inline script: the content
// security policy permits none. src/app/theme.ts keeps the same key.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('castellan.theme') ?? 'system';
  } catch {
    choice = 'system'; // storage is forbidden: follow the system
  }
  const dark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
})();
