import type { Facts } from '../../facts/facts.generated.js';
import type { ServedTls, WireVersion } from '../../facts/parts/served-tls.js';
import { steady } from '../../ports/clock.js';
import type { VerifyContext } from '../../units/remediation.js';
import { probeListener } from '../wire/probe-listener.js';

/** Processes of before the reload may answer still. */
const REFUSED_WITHIN_MS = 30_000;
const BETWEEN_MS = 2_000;

type Context = Pick<VerifyContext, 'look' | 'note'>;
type Listener = Facts['servedTls']['listeners'][number];

/** Null: no listener answers one of these versions any more, as far as it could be told. Otherwise which one does. */
export async function stillServed(
  context: Context,
  { listeners }: Facts['servedTls'],
  versions: readonly WireVersion[],
): Promise<string | null> {
  const byEndpoint = new Map(listeners.map((one) => [JSON.stringify(one.endpoint), one]));
  for (const { endpoint, wire } of byEndpoint.values()) {
    // One that could not be seen before proves nothing now.
    if (wire.state !== 'seen') continue;
    const served = await untilRefused(context, endpoint, versions);
    if (served !== null) return served;
  }
  return null;
}

async function untilRefused(
  { look, note }: Context,
  endpoint: Listener['endpoint'],
  versions: readonly WireVersion[],
): Promise<string | null> {
  const deadline = steady(look.clock) + REFUSED_WITHIN_MS;
  const where = `${endpoint.host}:${endpoint.port}`;
  for (;;) {
    const seen = await probeListener(look, endpoint, 'versions');
    if (!('versions' in seen)) {
      note(`${where}: what it offers could not be seen (${seen.detail})`);
      return null;
    }
    const offered = answered(seen, versions, 'offered');
    if (offered.length === 0) {
      const unclear = answered(seen, versions, 'inconclusive');
      note(
        unclear.length === 0
          ? `${where}: ${versions.join(', ')} are refused on the wire`
          : `${where}: whether ${unclear.join(', ')} is refused could not be told`,
      );
      return null;
    }
    if (steady(look.clock) > deadline) return `${where} still answers ${offered.join(' and ')}`;
    await look.clock.sleep(BETWEEN_MS, look.signal);
  }
}

function answered(
  { versions }: ServedTls,
  asked: readonly WireVersion[],
  answer: 'offered' | 'inconclusive',
): string[] {
  return versions
    .filter((one) => asked.includes(one.version) && one.answer === answer)
    .map((one) => one.version);
}
