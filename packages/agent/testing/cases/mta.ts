import type { Facts } from '../../src/facts/facts.generated.js';
import { caseCertificate } from './certificate.js';

type Fact = Facts['mtaCertificates'];
type Pair = Fact['pairs'][number];

export const CASE_MTA_CERT = '/opt/msys/ecelerity/etc/certs/server.crt';
export const CASE_MTA_KEY = '/opt/msys/ecelerity/etc/certs/server.key';
const READABLE = { kind: 'readable' } as const;

/** The pair of a listener in good order, half a year before its end. */
export function casePair(over: Partial<Pair> = {}): Pair {
  const leaf = caseCertificate(200);
  return {
    certificatePath: CASE_MTA_CERT,
    keyPath: CASE_MTA_KEY,
    at: { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 40, scope: 'esmtp_listener' },
    certificate: { state: 'parsed', leaf, chain: [leaf] },
    key: { state: 'parsed', keyType: 'rsa', keyBits: 2048, spkiSha256: leaf.spkiSha256 },
    matches: true,
    reach: { certificate: READABLE, key: READABLE },
    ...over,
  };
}

export function caseMtaCertificates(
  pairs: readonly Pair[],
  over: Partial<Fact> = {},
): Pick<Facts, 'mtaCertificates'> {
  return { mtaCertificates: { pairs, authorities: [], unresolved: [], doubts: [], ...over } };
}
