import { type Static, Type } from 'typebox';
import { COUNT_MAX, Text, Whole } from './bounds.js';
import { CommittedRevision } from './configuration.js';
import { Id, Instant } from './ids.js';

/**
 * planned -> approved -> applying -> verifying -> done | doneInPart
 *                                 \-> rollingBack -> rolledBack | rollbackFailed
 * `doneInPart`: what the plan named is done and verified, and some of what it should mend is left to a person.
 * `refused` and `stale` end a run before anything was touched; `expired` when the node never took the command. `lost`:
 * it was begun, and nothing was heard of it for so long that somebody must look; the node's own word still ends it.
 */
export const RUN_STATES = [
  'approved',
  'sent',
  'applying',
  'verifying',
  'done',
  'doneInPart',
  'refused',
  'stale',
  'expired',
  'rollingBack',
  'rolledBack',
  'rollbackFailed',
  'lost',
] as const;
// Unsafe names the type: from a mapped list the library derives `never`.
export const RunState = Type.Unsafe<(typeof RUN_STATES)[number]>(
  Type.Union(RUN_STATES.map((s) => Type.Literal(s))),
);
export type RunState = (typeof RUN_STATES)[number];

const FINAL: ReadonlySet<RunState> = new Set([
  'done',
  'doneInPart',
  'refused',
  'stale',
  'expired',
  'rolledBack',
  'rollbackFailed',
  'lost',
]);

export function isFinal(state: RunState): boolean {
  return FINAL.has(state);
}

/** What the plan named stands, and was verified; after `doneInPart` a person still has something to do. */
export function isDone(state: RunState): boolean {
  return state === 'done' || state === 'doneInPart';
}

/** One line of a run's progress, as the node saw it. */
export const RunEvent = Type.Object({
  runId: Id,
  /** Counts from 1 within the run; the server drops repeats by it. */
  index: Whole(1, COUNT_MAX),
  at: Instant,
  state: RunState,
  /** One line: what was done or seen. Masked. */
  line: Text(2048),
  /** A CAS_* code when something failed. */
  error: Type.Optional(Text(64)),
  /** Of the line that tells of a commit, where the repository could be told. */
  revision: Type.Optional(CommittedRevision),
});
export type RunEvent = Static<typeof RunEvent>;
