/**
 * What a terminal or a browser would obey or hide in place of showing: controls (line feed and tab are let be), the
 * marks that turn the direction of writing, zero-width and other invisible characters, lone surrogates, tags, fillers.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each character is meant alone, wherever it stands
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** A node's text for people to read: `\u202e` becomes `⟨U+202E⟩`. The one function for it, on both ends. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => `⟨U+${codeOf(character)}⟩`);
}

/** The same for all texts in a value; keys too. What was made visible is for showing, not for sending back. */
export function visibleDeep<T>(value: T): T {
  if (typeof value === 'string') return visibleText(value) as T;
  if (Array.isArray(value)) return value.map((member) => visibleDeep(member)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [visibleText(key), visibleDeep(member)]),
  ) as T;
}

/** JSON text with the same characters as JSON's own escapes: the data stay as they are, and nothing is obeyed. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
