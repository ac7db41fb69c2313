import { distributionState } from '../domain/run/distribution.js';
import type { RunRecord } from '../store/run.repository.js';
import type { ServerContext } from './context.js';
import { instant } from './instant.js';

export { DISTRIBUTION_STATES } from '../domain/run/distribution.js';

/** Where the revision that a run committed has come, and where not; null: it committed none, or did not say which. */
export async function distributionOf({ store, clock, facts }: ServerContext, run: RunRecord) {
  const { configurations } = store.read;
  const committed = await configurations.committedBy(run.id);
  if (committed === null) return null;
  const { path, number } = committed;
  const sharing = path === null ? null : await configurations.sharing(run.nodeId, { ...committed, path });
  const until = committed.at + facts.configuration.behindMs;
  const { total = 0, have = 0, behind = [] } = sharing ?? {};
  return {
    revision: number,
    state: distributionState(sharing, until, clock.now()),
    until: instant(until),
    nodes: total,
    have,
    behind: behind.map(({ id, name, revision, since, isSure }) => ({
      node: { id, name },
      revision,
      since: instant(since),
      isSure,
    })),
    moreBehind: total - have - behind.length,
  };
}
