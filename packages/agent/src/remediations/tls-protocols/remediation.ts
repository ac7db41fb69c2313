import {
  planVersions,
  VERSION_PARAMS,
  VERSION_READS,
  type VersionReads,
} from '../../knowledge/tls/plan-versions.js';
import { verifyVersions } from '../../knowledge/tls/running-versions.js';
import { defineRemediation } from '../../units/remediation.js';

const CONTROLS = ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'];
const VERSIONS = ['SSLv2', 'SSLv3'] as const;

export default defineRemediation<VersionReads>({
  slug: 'tls-protocols',
  title: 'Switch SSLv2 and SSLv3 off, everywhere',
  fixes: CONTROLS,
  risk: 'Servers and clients that speak nothing newer than SSLv3 can no longer use TLS with this node: mail to and from them goes in clear text, or not at all where TLS is required.',
  reads: VERSION_READS,
  params: VERSION_PARAMS,
  timeoutMs: 300_000,
  plan: (context) => planVersions(context, { slug: 'tls-protocols', controls: CONTROLS, versions: VERSIONS }),
  verify: (context) => verifyVersions(context, VERSIONS, CONTROLS),
});
