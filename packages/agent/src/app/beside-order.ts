import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { CAS_ERRORS, type CasCode } from '@castellan/shared/errors/table';
import { COUNT_MAX, RawText, Text, Whole } from '@castellan/shared/model/bounds';
import { Digest, Id } from '@castellan/shared/model/ids';
import { Plan } from '@castellan/shared/model/plan';
import { RunEvent } from '@castellan/shared/model/run';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Runs of one node whose end is not known: more are not begun. */
export const OPEN_MAX = 16;

const Params = Type.Record(Text(64), RawText(16_384), { maxProperties: 32 });
const Slug = Text(64);

/** What a worker is told to do. Secrets among the parameters are in the clear: a job is a message, and nothing else. */
export const Job = Type.Union([
  Type.Object({ kind: Type.Literal('plan'), slug: Slug, params: Params }),
  Type.Object({
    kind: Type.Literal('apply'),
    runId: Id,
    slug: Slug,
    params: Params,
    planDigest: Digest,
  }),
  /** What became of runs, and of whatever else is unfinished on the node; tried so often where nobody can tell. */
  Type.Object({
    kind: Type.Literal('recover'),
    runIds: Type.Array(Id, { maxItems: OPEN_MAX }),
    tries: Whole(1, 100),
  }),
]);
export type Job = Static<typeof Job>;

const PathOrNull = Type.Union([Text(4096), Type.Null()]);

/** A job, and how the node is reached. */
export const Order = Type.Object({
  host: Text(1024),
  /** A key to change forwards nothing: listeners are probed with another. */
  probeHost: Text(1024),
  sshConfig: PathOrNull,
  knownHosts: PathOrNull,
  root: Text(4096),
  probe: Type.Boolean(),
  assumeMomentum: Type.Union([Text(64), Type.Null()]),
  allow: Type.Array(Text(64), { maxItems: 1000 }),
  job: Job,
});
export type Order = Static<typeof Order>;

const Refusal = Type.Object({ code: Text(64), detail: Text(4096) });
type Refusal = Static<typeof Refusal>;

/**
 * What the node says of a run. `none`: nothing of it was begun. `open`: nobody could tell, or it is not at its end.
 * `last`: its last event; null: it is too old to be told.
 */
export const RunWord = Type.Object({
  runId: Id,
  state: Type.Union([Type.Literal('none'), Type.Literal('open'), Type.Literal('ended')]),
  last: Type.Union([RunEvent, Type.Null()]),
});
export type RunWord = Static<typeof RunWord>;

/** What a worker says. The last word is `plan`, `end` or `failed`; without one it was lost on the way. */
export const Word = Type.Union([
  Type.Object({ kind: Type.Literal('alive') }),
  Type.Object({ kind: Type.Literal('event'), event: RunEvent }),
  Type.Object({ kind: Type.Literal('plan'), plan: Plan }),
  Type.Object({ kind: Type.Literal('failed'), error: Refusal }),
  Type.Object({
    kind: Type.Literal('end'),
    runs: Type.Array(RunWord, { maxItems: OPEN_MAX }),
    /** Runs of the node that are worth another try, whoever began them. */
    unfinished: Whole(0, COUNT_MAX),
    /** Somebody else had the node's lock. */
    isOtherAtIt: Type.Boolean(),
    /** Why a run was not begun, or why it is open. */
    error: Type.Union([Refusal, Type.Null()]),
  }),
]);
export type Word = Static<typeof Word>;
export type LastWord = Extract<Word, { kind: 'plan' | 'failed' | 'end' }>;

const [orders, words] = [Compile(Order), Compile(Word)];

/** Null: it is none. */
export function readOrder(message: unknown): Order | null {
  return orders.Check(message) ? message : null;
}

/** Null: it is none. */
export function readWord(message: unknown): Word | null {
  return words.Check(message) ? message : null;
}

export function refusalIn(error: CasError): Refusal {
  return { code: error.code, detail: error.detail.slice(0, 4096) };
}

export function errorIn({ code, detail }: Refusal): CasError {
  return casError(Object.hasOwn(CAS_ERRORS, code) ? (code as CasCode) : 'CAS_INTERNAL', detail);
}
