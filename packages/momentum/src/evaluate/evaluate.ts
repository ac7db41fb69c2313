import { formatScope, type ScopeStep, textOf, type Value } from '../ast/scopes.js';
import type { Config, UnreadFile } from '../files/config.js';
import { defaultOf, optionExists } from '../options/table.js';
import { readingsOf } from './chain.js';
import { type Assignment, modelOf } from './model.js';
import { assignmentIn, type Place, type Reading } from './place.js';
import { unreadThatMatter } from './unread.js';

/** The line that decides; lines and columns count from 1. `default`: no line does. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'default' };

/** One of several values that an option may have, and what would decide it. */
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
  /** Why the release that was named takes no notice of it, wherever it stands; null where it does, or none was named. */
  readonly ignored: string | null;
  readonly candidates: readonly Candidate[];
  readonly chain: readonly {
    readonly where: string;
    readonly text: string | null;
    readonly origin: Origin | null;
  }[];
}

/** What the answer depends on besides the files. */
export interface EvaluateOptions {
  /** Release of Momentum, such as `3.6.23`: its defaults, and whether it knows the option. Default: the newest. */
  readonly momentumVersion?: string | undefined;
}

/** Answers for one scope: where it falls back to is looked up once. */
export type Evaluator = (option: string) => Evaluation;

/**
 * The effective value of an option, by the fallback that the manual documents (ecelerity.conf.fallback, listeners,
 * conf.ref.pathway). Where the manual leaves the order open and the orders differ, or where a file that could decide was
 * not read, the answer is indeterminate with every candidate: never a guess.
 */
export function evaluate(
  config: Config,
  scope: readonly ScopeStep[],
  option: string,
  { momentumVersion: release }: EvaluateOptions = {},
): Evaluation {
  let last = lastAsked.get(config);
  if (last?.scope !== scope || last.release !== release) {
    last = { scope, release, evaluator: evaluatorOf(config, scope, release) };
    lastAsked.set(config, last);
  }
  return last.evaluator(option);
}

/** Several options are asked of one scope in a row. Of one scope only: a fleet's view has tens of thousands. */
const lastAsked = new WeakMap<
  Config,
  {
    readonly scope: readonly ScopeStep[];
    readonly release: string | undefined;
    readonly evaluator: Evaluator;
  }
>();

/** For whoever asks one scope again and again, others in between. */
export function evaluatorOf(config: Config, scope: readonly ScopeStep[], release?: string): Evaluator {
  const readings = readingsOf(modelOf(config), scope);
  return (option) => {
    const name = option.toLowerCase();
    const [first, ...others] = readings.map((reading) =>
      answerOf(reading, name, () => defaultOf(name, scope.at(-1)?.type ?? 'global', release)),
    );
    if (!first) throw new Error('a scope without a reading of its fallback');
    const rivals =
      others.length === 0
        ? others
        : others.filter((other) => other.reading.isUnknown || other.text !== first.text);
    const unread =
      config.unread.length === 0
        ? NONE_UNREAD
        : [first, ...others].flatMap(({ asked, assignment }) =>
            unreadThatMatter(config, scope, asked, assignment),
          );
    return new Answered({ scope, option: name, release, first, rivals, unread });
  };
}

const NONE_UNREAD: readonly UnreadFile[] = [];

/** The assignments that stand in the places of an answer and count there, in the order in which the places are asked. */
export function assignmentsAround(answer: Evaluation): readonly Assigned[] {
  return answer instanceof Answered ? answer.around() : [];
}

/** A place with what it says of an option. */
export interface Assigned {
  readonly place: Place;
  readonly assignment: Assignment;
}

/** Whether two answers are the same, decided by the same line, without reading for a person which line it is. */
export function isSameAnswer(a: Evaluation, b: Evaluation): boolean {
  if (a.text !== b.text || a.indeterminate !== b.indeterminate) return false;
  return (
    a instanceof Answered &&
    b instanceof Answered &&
    a.assignment?.placed.order === b.assignment?.placed.order
  );
}

/** What one reading of the manual answers. */
interface Answer {
  readonly reading: Reading;
  /** The places that were asked; the deciding one, if any, is the last. */
  readonly asked: readonly Place[];
  readonly assignment: Assignment | null;
  /** Null where the default answers. */
  readonly place: Place | null;
  readonly text: string | null;
  readonly note: string | null;
}

function answerOf(reading: Reading, option: string, fallback: () => string | null): Answer {
  const { places } = reading;
  let i = -1;
  for (const place of places) {
    i += 1;
    if (!place.found || place.honours?.(option) === false) continue;
    const assignment = assignmentIn(place, option);
    const answer = assignment ? null : (place.answers?.(option) ?? null);
    if (!assignment && !answer) continue;
    const asked = i === places.length - 1 ? places : places.slice(0, i + 1);
    const text = assignment ? textOf(assignment.value) : (answer?.text ?? null);
    return { reading, asked, assignment, place: assignment && place, text, note: answer?.note ?? null };
  }
  return { reading, asked: places, assignment: null, place: null, text: fallback(), note: null };
}

interface Findings {
  readonly scope: readonly ScopeStep[];
  readonly option: string;
  readonly release: string | undefined;
  readonly first: Answer;
  readonly rivals: readonly Answer[];
  readonly unread: readonly UnreadFile[];
}

/** What is for a person to read is put together when somebody reads it: a fleet's view asks for many values. */
class Answered implements Evaluation {
  readonly option: string;
  readonly scope: readonly ScopeStep[];
  readonly text: string | null;
  readonly indeterminate: boolean;
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.option = findings.option;
    this.scope = findings.scope;
    this.text = findings.first.text;
    this.indeterminate = findings.rivals.length > 0 || findings.unread.length > 0;
    this.#findings = findings;
  }

  get assignment(): Assignment | null {
    return this.#findings.first.assignment;
  }

  get value(): Value | null {
    return valueIn(this.#findings.first);
  }

  get set(): boolean {
    return this.#findings.first.assignment !== null;
  }

  get origin(): Origin {
    return originOf(this.#findings.first.assignment);
  }

  get why(): string {
    const { rivals, unread } = this.#findings;
    const doubts = new Set([
      ...rivals.flatMap(({ reading }) => reading.because ?? []),
      ...unread.map((file) => `${file.path} could not be read (${file.problem}) and may set it`),
    ]);
    return doubts.size > 0 ? [...doubts].join('; ') : this.#decision();
  }

  get ignored(): string | null {
    const { option, release } = this.#findings;
    if (release === undefined || optionExists(option, release) !== false) return null;
    return `Momentum ${release} does not know it`;
  }

  get candidates(): readonly Candidate[] {
    const { first, rivals } = this.#findings;
    const known = rivals.filter(({ reading }) => !reading.isUnknown);
    return this.indeterminate ? distinct([first, ...known].map(candidateOf)) : [];
  }

  get chain(): Evaluation['chain'] {
    // Places that no file opens are asked for the sake of files that were not read; a person is not shown them.
    const there = this.#findings.first.reading.places.filter(({ found }) => found !== null);
    return there.map((place) => {
      const assignment = this.#counts(place) ? assignmentIn(place, this.option) : null;
      return {
        where: formatScope(place.scope),
        text: assignment && textOf(assignment.value),
        origin: assignment && originOf(assignment),
      };
    });
  }

  around(): readonly Assigned[] {
    const found: Assigned[] = [];
    for (const place of this.#findings.first.reading.places) {
      const assignment = assignmentIn(place, this.option);
      if (assignment && this.#counts(place)) found.push({ place, assignment });
    }
    return found;
  }

  #decision(): string {
    const { place, text, note, reading } = this.#findings.first;
    const unset = text === null ? 'not set, and the manual names no default' : 'not set';
    const from =
      note === null ? 'the default that the manual names' : 'the value that the manual names for this case';
    const base = place ? `set in ${formatScope(place.scope)}` : text === null ? unset : `${unset}: ${from}`;
    const ignored = reading.places
      .filter((one) => !this.#counts(one) && assignmentIn(one, this.option))
      .map(({ scope }) => `${this.option} in ${formatScope(scope)} is not honoured`);
    return [base, ...(note === null ? [] : [note]), ...ignored].join('; ');
  }

  #counts(place: Place): boolean {
    return place.honours?.(this.option) ?? true;
  }
}

function valueIn({ assignment, text }: Answer): Value | null {
  return assignment ? assignment.value : text;
}

function originOf(assignment: Assignment): Extract<Origin, { kind: 'file' }>;
function originOf(assignment: Assignment | null): Origin;
function originOf(assignment: Assignment | null): Origin {
  if (!assignment) return { kind: 'default' };
  const { file, line, column } = assignment;
  return { kind: 'file', file, line, column };
}

function candidateOf(answer: Answer): Candidate {
  return {
    value: valueIn(answer),
    text: answer.text,
    origin: originOf(answer.assignment),
    where: answer.place ? formatScope(answer.place.scope) : 'default',
  };
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const byKey = new Map(candidates.map((one) => [`${one.where}\u0000${one.text ?? ''}`, one]));
  return [...byKey.values()];
}
