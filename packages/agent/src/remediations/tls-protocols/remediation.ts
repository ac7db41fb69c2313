import {
  compareVersions,
  libraryOffers,
  type ProtocolList,
  parseTlsProtocols,
  TLS_VERSIONS,
} from '@castellan/momentum';
import { CONFIG_EDIT_PARAMS, type CommitReads, planCommit } from '../../knowledge/eccfg/commit.js';
import { configEdit, VALIDATE_AND_RELOAD } from '../../knowledge/eccfg/config-edit.js';
import { localEdits } from '../../knowledge/eccfg/status.js';
import { defineRemediation, type PlanContext, type Planned } from '../../units/remediation.js';
import { disableOldProtocols, OLD } from './disable.js';
import { verifyProtocols } from './verify.js';

type Reads = 'momentumConfig' | 'momentumVersion' | 'servedTls' | CommitReads;

/** Manual 3.x and 4.x, conf.ref.tls_protocols: the option came with these. */
const SINCE_3 = '3.6.6';
const SINCE_4 = '4.1.0.2';
const CONTROLS = ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'];

export default defineRemediation<Reads>({
  slug: 'tls-protocols',
  title: 'Switch SSLv2 and SSLv3 off, everywhere',
  fixes: CONTROLS,
  risk: 'Servers and clients that speak nothing newer than SSLv3 can no longer use TLS with this node: mail to and from them goes in clear text, or not at all where TLS is required.',
  reads: [
    'momentumConfig',
    'momentumVersion',
    'servedTls',
    'credentialStore',
    'serviceCertificates',
    'install',
  ],
  params: {
    protocols: {
      kind: 'text',
      required: false,
      default: '+ALL:-SSLv2:-SSLv3',
      text: 'value for TLS_Protocols where nothing is set',
    },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 300_000,
  plan,
  verify: (context) => verifyProtocols(context, CONTROLS),
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { facts, params, look } = context;
  const protocols = params.text('protocols') ?? '';
  const parsed = parseTlsProtocols(protocols);
  if (
    parsed.warnings.length > 0 ||
    OLD.some((version) => parsed.allows(version) !== 'no') ||
    parsed.allows('TLSv1.2') !== 'yes'
  ) {
    return {
      kind: 'refused',
      code: 'CAS_PARAM_INVALID',
      why: `protocols "${protocols}" must leave SSLv2 and SSLv3 off and TLSv1.2 on ${parsed.warnings.join('; ')}`.trim(),
    };
  }
  const tooOld = versionProblem(facts.momentumVersion) ?? nothingLeft(parsed, facts.momentumVersion);
  if (tooOld !== null) return refused(tooOld);
  const mta = facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta');
  if (mta.length === 0) return refused('this node has no ecelerity.conf: its TLS is not set here');
  const disabled = disableOldProtocols(
    mta.map(({ config }) => config),
    protocols,
  );
  if (!disabled.ok) return refused(disabled.why);
  if (disabled.changes.length === 0)
    return { kind: 'nothing', why: 'SSLv2 and SSLv3 are off in every scope' };
  const local = await localEdits(context, params.text('localEdits') === 'keep');
  if (local.refusal !== null) return refused(local.refusal);
  const edit = configEdit(look.files, disabled.changes);
  if (!edit.ok) return refused(edit.why);
  const commit = await planCommit(context, {
    slug: 'tls-protocols',
    controls: CONTROLS,
    files: edit.files,
    local,
  });
  return {
    kind: 'draft',
    draft: {
      steps: [
        { kind: 'replace-files', id: 'configuration', files: edit.files, secretBackup: edit.holdsSecret },
        ...VALIDATE_AND_RELOAD,
        ...commit.steps,
      ],
      changes: [...edit.changes, ...commit.changes],
      effects: [
        'Momentum reads its configuration again (config reload); nothing is restarted',
        ...commit.effects,
      ],
      verification: [
        'validate_config says "Configuration valid"',
        'the running Momentum evaluates TLS_Protocols without SSLv2 and SSLv3',
        'listeners that could be probed refuse SSLv2 and SSLv3 on the wire',
        `${CONTROLS.join(', ')} pass`,
        ...commit.verification,
      ],
      notes: [...disabled.notes, ...local.notes, ...commit.notes],
      contents: edit.contents,
    },
  };
}

function refused(why: string): Planned {
  return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why };
}

/** OpenSSL before 1.0.1 knows neither TLS 1.1 nor 1.2: a list that names nothing else would end all TLS. */
function nothingLeft(
  list: ProtocolList,
  { tlsLibrary: { name, version } }: PlanContext<Reads>['facts']['momentumVersion'],
): string | null {
  if (name !== 'openssl' || version === null) return null;
  const left = TLS_VERSIONS.filter(
    (one) => list.allows(one) !== 'no' && libraryOffers('openssl', version, one).answer !== 'no',
  );
  return left.length > 0
    ? null
    : `OpenSSL ${version} knows none of the versions that this list leaves on: no TLS would be spoken at all`;
}

function versionProblem({ version }: PlanContext<Reads>['facts']['momentumVersion']): string | null {
  if (version === null)
    return 'the version of Momentum is not known, and older ones do not start with TLS_Protocols: give it with --assume-momentum X.Y.Z, or assumeMomentum in the settings';
  const since = compareVersions(version, '4') >= 0 ? SINCE_4 : SINCE_3;
  return compareVersions(version, since) < 0
    ? `Momentum ${version} does not know TLS_Protocols; it came with ${since}: upgrade first`
    : null;
}
