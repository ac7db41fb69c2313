import { formatScope, type ScopeStep, textOf, type Value } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { defaultOf } from '../options/table.js';
import { readingsOf } from './chain.js';
import { type Assignment, modelOf, scopeAt } from './model.js';
import type { Place, Reading } from './place.js';
import { unreadThatMatter } from './unread.js';

export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'default' };

export interface Candidate {
  readonly value: Value | null;
  readonly text: string | null;
  readonly origin: Origin;
  readonly where: string;
}

/** What an option is in a scope, and what decides it. With `indeterminate`, `value` is the likeliest candidate only. */
export interface Evaluation {
  readonly option: string;
  readonly scope: readonly ScopeStep[];
  readonly value: Value | null;
  /** The value in one line; null where there is none. */
  readonly text: string | null;
  readonly set: boolean;
  readonly origin: Origin;
  readonly indeterminate: boolean;
  readonly why: string;
  readonly candidates: readonly Candidate[];
  readonly chain: readonly {
    readonly where: string;
    readonly text: string | null;
    readonly origin: Origin | null;
  }[];
}

/**
 * The effective value of an option, by the fallback that the manual documents (ecelerity.conf.fallback, listeners,
 * conf.ref.pathway). Where the manual leaves the order open and the orders differ, or where a file that could decide was
 * not read, the answer is indeterminate with every candidate: never a guess.
 */
export function evaluate(config: Config, scope: readonly ScopeStep[], option: string): Evaluation {
  const name = option.toLowerCase();
  const readings = readingsOf(modelOf(config), scope, name);
  const answers = readings.map((reading) => answerOf(reading, scope, name));
  const [first, ...others] = answers;
  assertFound(first);
  const rivals = others.filter((other) => other.text !== first.text);
  const unread = answers.flatMap(({ reading, deciding }) =>
    unreadThatMatter(config, scope, reading, deciding),
  );
  const doubts = [
    ...new Set([
      ...rivals.flatMap(({ reading }) => reading.because ?? []),
      ...unread.map((file) => `${file.path} could not be read (${file.problem}) and may set it`),
    ]),
  ];
  return {
    option: name,
    scope,
    ...candidateOf(first),
    set: first.place !== null,
    indeterminate: doubts.length > 0,
    why: doubts.length > 0 ? doubts.join('; ') : whyOf(first),
    candidates:
      doubts.length > 0
        ? distinct([first, ...rivals]).map((answer) => ({
            ...candidateOf(answer),
            where: whereOf(answer.place),
          }))
        : [],
    chain: first.reading.places.filter(isThere(config)).map(chainEntry),
  };
}

interface Answer {
  readonly reading: Reading;
  /** Index of the deciding place among the reading's places; -1 for the default. */
  readonly deciding: number;
  readonly place: (Place & { readonly assignment: Assignment }) | null;
  readonly text: string | null;
  readonly fallback: string | null;
}

function answerOf(reading: Reading, scope: readonly ScopeStep[], option: string): Answer {
  const deciding = reading.places.findIndex((place) => place.assignment);
  const found = reading.places[deciding];
  const fallback = reading.fallback ?? defaultOf(option, scope.at(-1)?.type ?? 'global');
  if (!found?.assignment) return { reading, deciding: -1, place: null, text: fallback, fallback };
  const { assignment } = found;
  return { reading, deciding, place: { ...found, assignment }, text: textOf(assignment.value), fallback };
}

function candidateOf({ place, fallback }: Answer): {
  value: Value | null;
  text: string | null;
  origin: Origin;
} {
  if (!place) return { value: fallback, text: fallback, origin: { kind: 'default' } };
  return {
    value: place.assignment.value,
    text: textOf(place.assignment.value),
    origin: originOf(place.assignment),
  };
}

function originOf({ file, line, column }: Assignment): Origin {
  return { kind: 'file', file, line, column };
}

function whereOf(place: Place | null): string {
  return place ? formatScope(place.scope) : 'default';
}

function whyOf({ place, fallback, reading }: Answer): string {
  const base = place
    ? `set in ${whereOf(place)}`
    : fallback === null
      ? 'not set, and the manual names no default'
      : `not set: the ${reading.fallback === undefined ? 'default that the manual names' : 'value that the manual names for this case'}`;
  return [base, ...reading.notes].join('; ');
}

function distinct(answers: readonly Answer[]): Answer[] {
  const seen = new Set<string>();
  return answers.filter((answer) => {
    const key = `${whereOf(answer.place)}\u0000${answer.text ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Places that no file opens are asked for the sake of files that were not read; a person is not shown them. */
function isThere(config: Config): (place: Place) => boolean {
  const root = modelOf(config);
  return (place) => scopeAt(root, place.scope) !== null;
}

function chainEntry(place: Place): Evaluation['chain'][number] {
  const { assignment } = place;
  return {
    where: whereOf(place),
    text: assignment ? textOf(assignment.value) : null,
    origin: assignment ? originOf(assignment) : null,
  };
}

function assertFound(answer: Answer | undefined): asserts answer is Answer {
  if (!answer) throw new Error('a scope without a reading of its fallback');
}
