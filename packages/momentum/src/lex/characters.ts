/** What a character can be in the language, told by its UTF-16 code; a code of NaN is the end of the text. */
export const WORD = 0;
export const BLANK = 1;
export const PUNCTUATION = 2;
export const COMMA = 3;
export const HASH = 4;
export const QUOTE = 5;
export const CURLY_QUOTE = 6;
export const END = 7;

const LATIN_1 = new Uint8Array(256);
const classes: readonly (readonly [string, number])[] = [
  [' \t\n\r\v\f\0\u00a0', BLANK],
  ['{}()[]=', PUNCTUATION],
  [',', COMMA],
  ['#', HASH],
  ['"', QUOTE],
];
for (const [characters, kind] of classes) {
  for (const character of characters) LATIN_1[character.charCodeAt(0)] = kind;
}
const BYTE_ORDER_MARK = 0xfeff;
/** Typographic double quotation marks, as word processors and web pages put them. */
const CURLY_FIRST = 0x201c;
const CURLY_LAST = 0x201e;

/** Of a character of Latin-1: 1 where it certainly ends no word, for a tight loop; `/` and `,` may end one. */
export const CONTINUES_WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  LATIN_1[code] === WORD && code !== '/'.charCodeAt(0) ? 1 : 0,
);

export function classOf(code: number): number {
  if (code < 256) return LATIN_1[code] ?? WORD;
  if (code >= CURLY_FIRST && code <= CURLY_LAST) return CURLY_QUOTE;
  if (code === BYTE_ORDER_MARK) return BLANK;
  return Number.isNaN(code) ? END : WORD;
}

/** What may stand right after a closing quote: anything else says that the quote was an opening one. */
const AFTER_STRING = ')]}{,#=;';

export function endsString(code: number): boolean {
  const kind = classOf(code);
  return kind === END || kind === BLANK || AFTER_STRING.includes(String.fromCharCode(code));
}

/** A comma belongs to a word only where the word goes on behind it: `300,6` is one word, `a, b` and `a,{` are two. */
export function endsWordAfterComma(code: number): boolean {
  const kind = classOf(code);
  return kind !== WORD && kind !== CURLY_QUOTE;
}
