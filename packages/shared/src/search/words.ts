import { ANY, FUZZY_SIMILARITY, ONE, type PatternPart } from './tree.js';

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

/** Whether a word is as a pattern says: in the length of both, not in its powers. */
export function wordLike(pattern: readonly PatternPart[]): (word: string) => boolean {
  const parts = pattern.flatMap((part): readonly PatternPart[] =>
    typeof part === 'string' ? [...part] : [part],
  );
  const [literal = ''] = pattern
    .filter((part) => typeof part === 'string')
    .sort((a, b) => b.length - a.length);
  // Nearly all words of a vocabulary fail here.
  return (word) => word.includes(literal) && fits(parts, SURROGATES.test(word) ? [...word] : word);
}

const SURROGATES = /[\ud800-\udfff]/;

/** What follows the last * is all that is tried again. */
function fits(parts: readonly PatternPart[], letters: ArrayLike<string>): boolean {
  let [at, place, star, from] = [0, 0, -1, 0];
  while (place < letters.length) {
    if (parts[at] === ONE || (parts[at] !== undefined && parts[at] === letters[place])) {
      at += 1;
      place += 1;
    } else if (parts[at] === ANY) {
      star = at;
      from = place;
      at += 1;
    } else if (star >= 0) {
      from += 1;
      at = star + 1;
      place = from;
    } else return false;
  }
  return parts.slice(at).every((part) => part === ANY);
}

/** How much a word is like a fuzzy one, as Lucene has it: 1 less the changes a letter of the shorter. Null: not enough. */
export function likenessTo(text: string, similarity: string): (word: string) => number | null {
  const wanted = wordsOf(text).join('');
  const least = similarity === '' ? FUZZY_SIMILARITY : Number(similarity);
  const changesTo =
    wanted.length <= BITS ? bitwiseDistance(wanted) : (word: string) => distance(wanted, word);
  return (word) => {
    if (word === wanted) return 1;
    const [shorter, longer] = [Math.min(word.length, wanted.length), Math.max(word.length, wanted.length)];
    // So many letters must be added at least.
    if (1 - (longer - shorter) / shorter <= least) return null;
    const alike = 1 - changesTo(word) / shorter;
    return alike > least ? alike : null;
  };
}

/** Letters of a word that fit into one number. */
const BITS = 32;

/**
 * `distance` from one word to many: a column of the table is a row of bits, which tell where it rises and where it falls
 * (Myers 1999, as Hyyro 2003 has it for whole words). Ten times faster; a vocabulary has a hundred thousand words.
 */
export function bitwiseDistance(wanted: string): (word: string) => number {
  const places = new Map<number, number>();
  for (let at = 0; at < wanted.length; at += 1) {
    const letter = wanted.charCodeAt(at);
    places.set(letter, (places.get(letter) ?? 0) | (1 << at));
  }
  const last = 1 << (wanted.length - 1);
  return (word) => {
    let [rises, falls, changes] = [-1, 0, wanted.length];
    if (changes === 0) return word.length;
    for (let at = 0; at < word.length; at += 1) {
      const same = places.get(word.charCodeAt(at)) ?? 0;
      const down = same | falls;
      const across = (((same & rises) + rises) ^ rises) | same;
      const more = falls | ~(across | rises);
      const less = rises & across;
      if (more & last) changes += 1;
      if (less & last) changes -= 1;
      const shifted = (more << 1) | 1;
      rises = (less << 1) | ~(down | shifted);
      falls = shifted & down;
    }
    return changes;
  };
}

/** Letters and digits of the text that may be changed to make one of the other. */
export function distance(a: string, b: string): number {
  let above = Uint16Array.from({ length: b.length + 1 }, (_, at) => at);
  let line = new Uint16Array(b.length + 1);
  for (let row = 1; row <= a.length; row += 1) {
    line[0] = row;
    for (let at = 1; at <= b.length; at += 1) {
      const changed = (above[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      line[at] = Math.min(changed, (above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1);
    }
    [above, line] = [line, above];
  }
  return above[b.length] ?? 0;
}
