/** Single keys act on the console, unless the person switched them off in this browser (WCAG 2.1.4). */
const KEY = 'castellan.shortcuts';

export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return heldOn; // storage is forbidden: the choice holds until the page is left
  }
}

let heldOn = true;

export function switchShortcuts(isOn: boolean): void {
  heldOn = isOn;
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off');
  } catch {
    // As above.
  }
}
