import type { TlsVersion } from '@castellan/momentum';
import {
  planVersions,
  VERSION_PARAMS,
  VERSION_READS,
  type VersionReads,
} from '../../knowledge/tls/plan-versions.js';
import { verifyVersions } from '../../knowledge/tls/running-versions.js';
import { defineRemediation, type PlanContext } from '../../units/remediation.js';

const CONTROLS = ['MOM-TLS-005'];
/** What `oldest` leaves: everything before it goes. */
const ORDER = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2'] as const satisfies readonly TlsVersion[];

export default defineRemediation<VersionReads>({
  slug: 'tls-old-versions',
  title: 'Switch TLS 1.0 and 1.1 off, everywhere',
  fixes: CONTROLS,
  risk: 'Servers and clients that speak nothing newer can no longer use TLS with this node: mail to and from them goes in clear text, or not at all where TLS is required. Of mail servers in the world there are still many.',
  reads: VERSION_READS,
  params: {
    oldest: {
      kind: 'text',
      required: false,
      default: 'TLSv1.2',
      oneOf: ['TLSv1.1', 'TLSv1.2'],
      text: 'the oldest version that is left on',
    },
    ...VERSION_PARAMS,
  },
  timeoutMs: 300_000,
  plan: (context) =>
    planVersions(context, { slug: 'tls-old-versions', controls: CONTROLS, versions: versionsOf(context) }),
  verify: (context) => verifyVersions(context, versionsOf(context), CONTROLS),
});

function versionsOf({ params }: Pick<PlanContext, 'params'>): readonly TlsVersion[] {
  return ORDER.slice(0, ORDER.indexOf(params.text('oldest') === 'TLSv1.1' ? 'TLSv1.1' : 'TLSv1.2'));
}
