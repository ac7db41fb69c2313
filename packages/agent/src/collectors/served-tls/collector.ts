import type { ServedListener, ServedTlsFact } from '../../facts/served-tls.js';
import { runningValue } from '../../knowledge/momentum/running-value.js';
import { probeListener } from '../../knowledge/wire/probe-listener.js';
import { steady } from '../../ports/clock.js';
import { type CollectContext, defineCollector } from '../../units/fact.js';
import { decidedBy, type FoundListener, listenersOf } from './listeners.js';
import { recentWire, rememberWire } from './recent.js';

type Wire = ServedListener['wire'];

/** Further ones are inconclusive: a node has three or four. */
export const LISTENERS_MAX = 16;
/** Different listeners side by side; of one, one connection at a time. */
const SIDE_BY_SIDE = 2;
/** No probe is begun later than this; one takes 20 s at most. */
const BEGIN_MS_MAX = 20_000;
const EVAL_MS = 5_000;

export default defineCollector({
  name: 'servedTls',
  needs: ['momentumConfig', 'momentumVersion'],
  title: "What the MTA's own listeners offer on the wire: versions, ciphers, Diffie-Hellman, certificate",
  timeoutMs: 60_000,
  evidence: 'files-and-system',
  async collect(context): Promise<ServedTlsFact> {
    const { settings, facts } = context;
    if (!settings.probe || !settings.live)
      return {
        listeners: [],
        notProbed: settings.live ? 'probing is switched off' : 'the tree is no running node',
      };
    const found = listenersOf(facts);
    const byEndpoint = new Map<string, FoundListener[]>();
    for (const one of found) {
      const key = JSON.stringify(one.endpoint);
      byEndpoint.set(key, [...(byEndpoint.get(key) ?? []), one]);
    }
    const groups = [...byEndpoint.values()];
    const listeners: ServedListener[][] = groups.map(() => []);
    const startedAt = steady(context.clock);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < groups.length; at = next++) {
        const isLate = steady(context.clock) - startedAt > BEGIN_MS_MAX;
        const refused =
          at >= LISTENERS_MAX ? `more than ${LISTENERS_MAX} listeners` : isLate ? 'no time was left' : null;
        listeners[at] = await lookAt(context, groups[at] ?? [], refused);
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    return { listeners: listeners.flat(), notProbed: null };
  },
});

type Context = CollectContext<'momentumConfig' | 'momentumVersion'>;

/** Of all that name one endpoint, which is asked once. */
async function lookAt(
  context: Context,
  group: readonly FoundListener[],
  refused: string | null,
): Promise<ServedListener[]> {
  const [first] = group;
  if (!first) return [];
  const running =
    refused === null
      ? await runningValue({ look: context }, first.scope.path, 'tls_protocols', EVAL_MS)
      : null;
  const why = refused ?? first.blocker;
  const wire: Wire = why === null ? await wireOf(context, first, running) : { state: 'inconclusive', why };
  return group.map(({ subject, at, endpoint, certificatePath }) => ({
    subject,
    at,
    endpoint,
    certificatePath,
    running,
    wire,
  }));
}

async function wireOf(context: Context, found: FoundListener, running: string | null): Promise<Wire> {
  const { net, clock, signal } = context;
  const key = decidedBy(found, running);
  const known = recentWire(net, key, steady(clock));
  if (known) return known;
  const probed = await probeListener({ net, clock, signal }, found.endpoint);
  const wire: Wire =
    'versions' in probed
      ? { state: 'seen', served: probed }
      : { state: probed.kind === 'closed' ? 'closed' : 'inconclusive', why: probed.detail };
  rememberWire(net, key, wire, steady(clock));
  return wire;
}
