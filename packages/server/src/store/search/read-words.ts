import { QueryError } from '@castellan/shared/search/query-error';
import { ANY, type LeafQuery, ONE, type PatternPart } from '@castellan/shared/search/tree';
import { globOf, patternWords, wordsOf } from '@castellan/shared/search/words';
import { ALL, type Condition, type Sql, sqlOf } from './condition.js';

/** Between two words of a phrase: at most so many characters that are neither letter nor digit. */
const GAP_MAX = 3;
/** Letters of a word whose like is looked for: each place in it makes patterns of its own. */
const FUZZY_LENGTH_MAX = 32;
/** As GLOB says it: no letter and no digit. Beyond ASCII everything but general punctuation counts as a letter. */
const BREAK = '[^0-9a-z\u00aa-\u1fff\u2070-\u{10ffff}]';
const LETTER = '[0-9a-z\u00aa-\u1fff\u2070-\u{10ffff}]';

/**
 * A word, phrase or pattern by the rows' own text (an expression: in lower case, between blanks), where a list has no index of words. Null: there is no word in it.
 * `*` within a word may stand for several here, nearness only says that all are there, and a fuzzy word has one other letter.
 * Throws QueryError for a range: a text of many words lies in none.
 */
export function findRead(text: string, leaf: LeafQuery): Condition | null {
  switch (leaf.kind) {
    case 'term':
      return phrase(text, wordsOf(leaf.text));
    case 'phrase': {
      const words = leaf.words.flatMap(wordsOf);
      return leaf.slop === 0 ? phrase(text, words) : everyWord(text, words);
    }
    case 'wild': {
      const words = patternWords(leaf.pattern);
      if (words.length === 0) return leaf.pattern.every((part) => part === ANY) ? ALL : null;
      return phrase(
        text,
        words.map((word) => globOf(word, LETTER)),
        true,
      );
    }
    case 'fuzzy':
      return fuzzy(text, wordsOf(leaf.text).join(''));
    case 'range':
      throw new QueryError({ text: 'a range needs a field here, such as name:[a TO b]', at: leaf.at });
  }
}

/** Words next to each other, two by two. */
function phrase(text: string, words: readonly string[], isGlob = false): Condition | null {
  const globs = isGlob ? words : words.map(glob);
  const [first] = globs;
  if (first === undefined) return null;
  if (globs.length === 1) return holds(text, [first]);
  const pairs = globs.slice(1).map((word, at) =>
    holds(
      text,
      Array.from({ length: GAP_MAX }, (_, n) => `${globs[at]}${BREAK.repeat(n + 1)}${word}`),
    ),
  );
  return sqlOf(`(${pairs.map(({ sql }) => sql).join(' and ')})`, ...pairs.flatMap(({ values }) => values));
}

function everyWord(text: string, words: readonly string[]): Condition | null {
  if (words.length === 0) return null;
  const each = words.map((word) => holds(text, [glob(word)]));
  return sqlOf(`(${each.map(({ sql }) => sql).join(' and ')})`, ...each.flatMap(({ values }) => values));
}

function fuzzy(text: string, word: string): Condition | null {
  if (word === '') return null;
  if (word.length > FUZZY_LENGTH_MAX) return holds(text, [glob(word)]);
  const letters = [...word];
  const like: PatternPart[][] = [[word]];
  for (let at = 0; at <= letters.length; at += 1) {
    const before = letters.slice(0, at).join('');
    like.push([before, ONE, letters.slice(at).join('')]);
    if (at === letters.length) break;
    like.push([before, ONE, letters.slice(at + 1).join('')]);
    if (letters.length > 1) like.push([before, letters.slice(at + 1).join('')]);
  }
  const globs = holds(
    text,
    like.map((pattern) => globOf(pattern, LETTER)),
  );
  const [has, values] = hasMost(text, letters);
  return sqlOf(`(${has} and ${globs.sql})`, ...values, ...globs.values);
}

/** One changed letter leaves two thirds of the word as they are: few texts have them, and only those are compared. */
function hasMost(text: string, letters: readonly string[]): readonly [string, readonly string[]] {
  const third = Math.ceil(letters.length / 3);
  const thirds = [0, 1, 2].map((n) => letters.slice(n * third, (n + 1) * third).join(''));
  return [`(${thirds.map(() => `(instr(${text}, ?) > 0)`).join(' + ')} >= 2)`, thirds];
}

/** SQLite's lower() knows ASCII alone: of any other letter both cases are asked for. */
function glob(word: string): string {
  return [...globOf([word])]
    .map((char) => {
      const upper = char.toUpperCase();
      return char > '\u007f' && [...upper].length === 1 && upper !== char ? `[${char}${upper}]` : char;
    })
    .join('');
}

/** The letters are looked for first, which takes a tenth of the time that a pattern takes. */
function holds(text: string, globs: readonly string[]): Sql {
  const one = `(instr(${text}, ?) > 0 and ${text} glob ?)`;
  return sqlOf(
    `(${globs.map(() => one).join(' or ')})`,
    ...globs.flatMap((each) => [literalOf(each), `*${BREAK}${each}${BREAK}*`]),
  );
}

/** The most letters in a row that a text must have to be as a pattern says. */
function literalOf(pattern: string): string {
  const plain = pattern.replace(/\[(?:[^\]]+|\][^\]]*)\]/gu, '*').match(/[0-9a-z]+/g) ?? [];
  return plain.sort((a, b) => b.length - a.length)[0] ?? '';
}
