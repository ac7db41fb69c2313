import type { Facts } from '../../src/facts/facts.generated.js';
import type { ServedTls, VersionAnswer, WireVersion } from '../../src/facts/parts/served-tls.js';
import type { ServedListener } from '../../src/facts/served-tls.js';

/** The listener of the cases' configurations. */
export const CASE_LISTENER = 'inbound Esmtp_Listener::Listen:\\:25:';

/** A tree that is only read. */
export function caseUnprobed(): Pick<Facts, 'servedTls'> {
  return { servedTls: { listeners: [], notProbed: 'the tree is no running node' } };
}

const VERSIONS: readonly WireVersion[] = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** A listener in good order: TLS 1.2 and 1.3, DHE of 2048 bits, no weak cipher. */
export function caseServed(
  over: Partial<ServedTls> = {},
  answers: Partial<Record<WireVersion, VersionAnswer['answer']>> = {},
): ServedTls {
  const usual = (version: WireVersion) => (version >= 'TLSv1.2' ? 'offered' : 'not-offered');
  return {
    versions: VERSIONS.map((version): VersionAnswer => {
      const answer = answers[version] ?? usual(version);
      const cipher = answer === 'offered' ? 'TLS_RSA_WITH_AES_128_CBC_SHA' : null;
      const reason = {
        offered: 'ServerHello',
        'not-offered': 'alert 70',
        inconclusive: 'no answer in 3000 ms',
      }[answer];
      return { version, answer, reason, cipher };
    }),
    cbcUnderSslv3: null,
    dhe: {
      answer: 'offered',
      reason: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA',
      bits: 2048,
      primeSha256: 'aa',
      group: null,
      isPrime: true,
    },
    weak: { answer: 'not-offered', reason: 'alert 40', kinds: [], suites: [] },
    chain: [],
    injection: { kind: 'ignored', detail: 'the command is passed over' },
    connections: 12,
    ...over,
  };
}

/** The same listener and what it said, or why it said nothing. */
export function caseWire(
  wire: ServedListener['wire'] | ServedTls,
  over: Partial<ServedListener> = {},
): Pick<Facts, 'servedTls'> {
  return {
    servedTls: {
      listeners: [
        {
          subject: CASE_LISTENER,
          at: { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 5 },
          endpoint: { host: '*', port: 25, preamble: 'smtp' },
          certificatePath: '/etc/server.crt',
          running: null,
          wire: 'versions' in wire ? { state: 'seen', served: wire } : wire,
          ...over,
        },
      ],
      notProbed: null,
    },
  };
}
