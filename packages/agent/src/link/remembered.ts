import { createHash } from 'node:crypto';
import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import type { StateStore } from '../ports/state-store.js';

/** Two clocks are never the same. */
export const LEEWAY_S = 60;
/** Ids that are remembered; the oldest expire first. An id is kept until well after its command has expired. */
export const SEEN_MAX = 10_000;
const FILE = 'commands-seen.json';

/** On disk before the command is carried out: a crash costs the command, it never doubles it. */
export function remember(payload: CommandPayload, store: StateStore, nowS: number): Result<CommandPayload> {
  const known = readSeen(store, nowS);
  // What was taken before cannot be told any more from what is new.
  if (payload.iat <= known.lostUntilS)
    return err(
      casError(
        'CAS_STATE_UNUSABLE',
        `${store.path}/${FILE} was damaged or is gone, so a command of before ${new Date(known.lostUntilS * 1000).toISOString()} may be a repeat and is not carried out: give it again`,
      ),
    );
  const seen = known.seen.filter(([, exp]) => exp + 2 * LEEWAY_S > nowS);
  if (seen.some(([jti]) => jti === payload.jti)) return err(casError('CAS_COMMAND_REPLAYED', payload.jti));
  // Forgetting an id that may still come again would let it be carried out twice.
  if (seen.length >= SEEN_MAX)
    return err(casError('CAS_TOO_MANY', `more than ${SEEN_MAX} commands that have not expired`));
  const entry: Seen =
    payload.kind === 'apply' ? [payload.jti, payload.exp, payload.runId] : [payload.jti, payload.exp];
  write(store, { lostUntilS: known.lostUntilS, seen: [...seen, entry] });
  return ok(payload);
}

/** The runs of remembered commands: what became of each is known by its journal, or it was never begun. */
export function rememberedRuns(store: Pick<StateStore, 'read'>): readonly string[] {
  return (remembered(store)?.seen ?? []).flatMap(([, , runId]) => (runId === undefined ? [] : [runId]));
}

type Seen = readonly [jti: string, exp: number, runId?: string];

interface Remembered {
  /** Commands issued until then (seconds since 1970) may have been taken already: the file was damaged. */
  readonly lostUntilS: number;
  readonly seen: readonly Seen[];
}

/** At enrolment: a file that is missing afterwards was lost. One that is there stays: its node is enrolled anew. */
export function beginRemembering(store: StateStore): void {
  if (store.read(FILE) === null) write(store, { lostUntilS: 0, seen: [] });
}

/** At a start: what was lost meanwhile is noted now, so that only what was issued before it is refused. */
export function noteLost(store: StateStore, nowS: number): void {
  readSeen(store, nowS);
}

/** A file that is damaged, or gone, is not one that is empty: from now on only what is issued later is new. */
function readSeen(store: StateStore, nowS: number): Remembered {
  const found = remembered(store);
  if (found) return found;
  const lost: Remembered = { lostUntilS: Math.ceil(nowS) + LEEWAY_S, seen: [] };
  write(store, lost);
  return lost;
}

/** Null: damaged, or gone. */
function remembered(store: Pick<StateStore, 'read'>): Remembered | null {
  const content = store.read(FILE);
  if (content === null) return null;
  const value = parseJson(content.toString('utf8'));
  // As earlier releases wrote it.
  if (Array.isArray(value)) return { lostUntilS: 0, seen: value as Seen[] };
  const { sum, ...kept } = (value ?? {}) as Partial<Remembered & { sum: string }>;
  return sum === sumOf(kept) ? (kept as Remembered) : null;
}

function write(store: StateStore, kept: Remembered): void {
  store.replace(FILE, JSON.stringify({ ...kept, sum: sumOf(kept) }));
}

function sumOf(kept: unknown): string {
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}
