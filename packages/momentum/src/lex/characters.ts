const BLANK = /[ \t\n\r\v\f\0\u00a0\ufeff]/;
const PUNCTUATION = '{}()[]=';
/** What may stand right after a closing quote: anything else says that the quote was an opening one. */
const AFTER_STRING = ')]}{,#=;';

export function isBlank(character: string): boolean {
  return character !== '' && BLANK.test(character);
}

export function isPunctuation(character: string): boolean {
  return character !== '' && PUNCTUATION.includes(character);
}

/** Typographic double quotation marks, as word processors and web pages put them. */
export function isCurlyQuote(character: string): boolean {
  return character === '\u201c' || character === '\u201d' || character === '\u201e';
}

export function endsString(after: string): boolean {
  return after === '' || isBlank(after) || AFTER_STRING.includes(after);
}

/** A comma ends a word only before a blank, another comma, a quote or a bracket: `300,6` is one word, `a, b` are two. */
export function endsWordAfterComma(after: string): boolean {
  return after === '' || after === ')' || after === ']' || after === '"' || after === ',' || isBlank(after);
}
