/** Rows of the page's lists, in the order in which they are seen: those of tables, and of lists that are no tables. */
const ROW = 'tbody tr, .cas-list-item';

/** The next or the previous row gets the keyboard; at an end it stays. Nothing on a page without rows. */
export function moveRow(main: HTMLElement, by: 1 | -1): void {
  const rows = [...main.querySelectorAll<HTMLElement>(ROW)].filter(isLed);
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const at = current === -1 ? (by === 1 ? 0 : rows.length - 1) : current + by;
  const row = rows[Math.max(0, Math.min(rows.length - 1, at))];
  if (!row) return;
  // Not in the order of Tab, where a row's links stand: the focus roves.
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}

/** Opens the row that has the keyboard: its first link. False: no row has it, and the key is the browser's. */
export function openRow(): boolean {
  const row = focusedRow();
  const link = row?.querySelector<HTMLElement>('a[href]');
  link?.click();
  return Boolean(link);
}

/** Ticks or clears the row that has the keyboard, where rows can be selected. */
export function selectRow(): boolean {
  const box = focusedRow()?.querySelector<HTMLInputElement>('input[type="checkbox"]');
  box?.click();
  return Boolean(box);
}

function focusedRow(): HTMLElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement.matches(ROW) ? activeElement : null;
}

function isLed(row: HTMLElement): boolean {
  return row.querySelector('a[href]') !== null && row.getClientRects().length > 0;
}
