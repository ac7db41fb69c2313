import { SCOPE_TYPES } from './scopes.js';
import { OPTION_NAMES } from './table.js';

const ANSWERS_MAX = 3;
/** A name is near when at most one letter of each three was changed, and three letters in all. */
const LETTERS_PER_CHANGE = 3;
const CHANGES_MAX = 3;

/** The types of scopes that the manual describes. A module opens a scope of its own name, which is not among them. */
export const knownScopes: readonly string[] = SCOPE_TYPES;

/** At most three options of the table that this name can be a misspelling of, the nearest first; none for a known name. */
export function nearestOptions(name: string): string[] {
  return nearestNames(name, OPTION_NAMES);
}

/** At most three types of scopes that this one can be a misspelling of, the nearest first; none for a known type. */
export function nearestScopes(type: string): string[] {
  return nearestNames(type, knownScopes);
}

/** At most three of these names that a text can be a misspelling of, the nearest first; none where it is one of them. */
export function nearestNames(text: string, names: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  if (names.some((name) => name.toLowerCase() === wanted)) return [];
  const bound = Math.min(CHANGES_MAX, Math.floor(wanted.length / LETTERS_PER_CHANGE));
  return names
    .filter((name) => Math.abs(name.length - wanted.length) <= bound)
    .map((name) => ({ name, changes: changesBetween(wanted, name.toLowerCase()) }))
    .filter(({ changes }) => changes <= bound)
    .sort((a, b) => a.changes - b.changes || (a.name < b.name ? -1 : 1))
    .slice(0, ANSWERS_MAX)
    .map(({ name }) => name);
}

/** Letters put in, left out, replaced, or exchanged with the next one (optimal string alignment). */
function changesBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(row, j - 1) + 1,
        at(last, j) + 1,
        at(last, j - 1) + same,
        isExchanged ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
