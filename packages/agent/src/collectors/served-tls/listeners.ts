import type { TlsScope } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import type { ServedListener } from '../../facts/served-tls.js';
import { hostOf } from '../../knowledge/listeners/reach.js';
import { speakingScopes, subjectOf } from '../../knowledge/tls/scopes.js';
import type { Preamble } from '../../ports/net.js';

export interface FoundListener extends Omit<ServedListener, 'running' | 'wire'> {
  readonly scope: TlsScope;
  /** Why it cannot be probed, though it speaks TLS; null: it can. */
  readonly blocker: string | null;
}

/** What decides about what is served; a probe is as good as new while none of them changes. */
const DECIDING = [
  'tls_protocols',
  'tls_ciphers',
  'tls_certificate',
  'tls_key',
  'tls_dhparams_file',
  'tls_enable_dhe_ciphers',
  'starttls_injection_policy',
];

/** The listens that speak TLS by the configuration, or may, and have a port of this node. */
export function listenersOf(facts: Pick<Facts, 'momentumConfig' | 'momentumVersion'>): FoundListener[] {
  return speakingScopes(facts).flatMap((found): FoundListener[] => {
    const { scope } = found;
    const [listener, listen] = scope.path;
    // A peer's connections are others': from this node its listen is met.
    if (scope.direction !== 'inbound' || scope.path.length !== 2 || listen?.type !== 'listen') return [];
    const name = listen.name?.trim() ?? '';
    const port = Number(/:(\d{1,5})$/.exec(name)?.[1] ?? 0);
    if (name.startsWith('/') || port < 1 || port > 65_535) return [];
    const certificate = scope.setting('tls_certificate');
    return [
      {
        scope,
        subject: subjectOf(found, facts),
        at: scope.at === null ? { scope: scope.label } : { ...scope.at, scope: scope.label },
        endpoint: { host: hostOf(name) || '*', port, preamble: preambleOf(scope, listener?.type) },
        certificatePath: certificate.indeterminate ? null : certificate.text,
        blocker:
          listener?.type === 'xmpp_listener' && scope.posture !== 'implicit'
            ? 'how XMPP begins TLS is not spoken here'
            : null,
      },
    ];
  });
}

/** Whether it is TLS from the first octet is not known of some: SMTP then begins as SMTP does. */
function preambleOf({ posture }: TlsScope, type: string | undefined): Preamble {
  return type === 'esmtp_listener' && posture !== 'implicit' ? 'smtp' : 'none';
}

export function decidedBy({ scope, endpoint }: FoundListener, running: string | null): string {
  return JSON.stringify([endpoint, running, ...DECIDING.map((option) => scope.setting(option).text)]);
}
