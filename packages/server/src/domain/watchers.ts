import type { Heartbeat } from '@castellan/shared/protocol/messages';

/** Four of the agent's canaries: a proof that is older is none. */
export const PROOF_MS_MAX = 120_000;
/** A watcher that is unproven for so long on end is a finding. */
export const WATCH_GRACE_MS = 120_000;

/** The watchers that do not prove themselves, each with why, in words. Both instants are of the node's own clock. */
export function unprovenWatchers({ at, watchers }: Pick<Heartbeat, 'at' | 'watchers'>): readonly string[] {
  return watchers.flatMap(({ name, provenAt, problem = '' }) => {
    if (problem !== '') return [`The watcher "${name}" says: ${problem}`];
    if (provenAt === null) return [`The watcher "${name}" has not proved itself yet`];
    const ageMs = Date.parse(at) - Date.parse(provenAt);
    return ageMs > PROOF_MS_MAX
      ? [`The watcher "${name}" has not proved itself since ${provenAt}: changes may go unseen`]
      : [];
  });
}
