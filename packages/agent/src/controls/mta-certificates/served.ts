import type { Facts } from '../../facts/facts.generated.js';
import type { ServedTls } from '../../facts/parts/served-tls.js';
import type { ServedListener } from '../../facts/served-tls.js';
import { type ExpiryLimits, outOfTime } from '../../knowledge/certificates/judge-pair.js';
import type { WireSays } from '../../knowledge/tls/with-served.js';

interface Known {
  readonly pairs: Facts['mtaCertificates']['pairs'];
  readonly nowMs: number;
  readonly params: ExpiryLimits;
}

const PROPOSED = 'config reload and tls flush cache: the certificate of the file';

/** Whether a listener shows what its file holds, and every certificate that it shows is in its time. */
export function certificateServed(
  { chain }: ServedTls,
  { certificatePath }: ServedListener,
  { pairs, nowMs, params }: Known,
): WireSays {
  const [leaf] = chain;
  if (!leaf) return { kind: 'unclear', reason: 'no certificate was seen' };
  const shown = `the certificate ${leaf.subject} (${leaf.fingerprint.slice(0, 16)})`;
  const held = pairs.find((pair) => pair.certificatePath === certificatePath)?.certificate;
  if (held?.state === 'parsed' && held.leaf.fingerprint !== leaf.fingerprint) {
    const isOver = outOfTime(leaf, nowMs, params)?.severity !== 'medium' && leaf.notAfterMs < nowMs;
    return {
      kind: 'fault',
      found: `${shown}, and not that of ${certificatePath ?? ''}`,
      proposed: PROPOSED,
      severity: isOver ? 'high' : 'medium',
    };
  }
  const link = chain.slice(1).find((one) => one.notAfterMs < nowMs);
  if (link)
    return { kind: 'fault', found: `${shown} with ${link.subject}, which has ended`, proposed: PROPOSED };
  if (held?.state !== 'parsed')
    return { kind: 'unclear', reason: `${shown} is shown; which file it should be of is not known` };
  return { kind: 'ok', found: shown };
}
