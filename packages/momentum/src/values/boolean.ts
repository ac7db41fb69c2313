const TRUE = new Set(['on', 'true', 'enabled', '1', 'yes']);
const FALSE = new Set(['off', 'false', 'disabled', '0', 'no']);

/** As ec_atobool reads a text (Manual, console_commands.config); null for what it does not know. */
export function parseBoolean(text: string): boolean | null {
  const lower = text.trim().toLowerCase();
  if (TRUE.has(lower)) return true;
  return FALSE.has(lower) ? false : null;
}
