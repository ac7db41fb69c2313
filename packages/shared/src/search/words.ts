import { ANY, ONE, type PatternPart } from './tree.js';

/** What the index takes for a word: letters and digits, in lower case. */
const WORD = /[\p{L}\p{N}\p{Co}]+/gu;

export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** A pattern word by word: what is neither letter nor digit ends a word. A word that is only `*` is left out. */
export function patternWords(pattern: readonly PatternPart[]): readonly (readonly PatternPart[])[] {
  const words: PatternPart[][] = [];
  let word: PatternPart[] = [];
  const end = () => {
    if (word.some((part) => part !== ANY)) words.push(word);
    word = [];
  };
  for (const part of pattern) {
    if (typeof part !== 'string') {
      word.push(part);
      continue;
    }
    for (const piece of part
      .toLowerCase()
      .split(/([\p{L}\p{N}\p{Co}]+)/u)
      .filter(Boolean)) {
      if (wordsOf(piece).length === 0) end();
      else word.push(piece);
    }
  }
  end();
  return words;
}

/** As GLOB of SQLite reads it: what stands for something else there stands for itself. `one`: what ONE may be. */
export function globOf(pattern: readonly PatternPart[], one = '?'): string {
  return pattern
    .map((part) => (part === ANY ? '*' : part === ONE ? one : String(part).replace(/[*?[]/g, '[$&]')))
    .join('');
}

/** Letters and digits of the text that may be changed to make one of the other. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const changed = (above[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
