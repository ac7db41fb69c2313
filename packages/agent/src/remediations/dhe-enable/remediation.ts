import { compareVersions, evaluate, parseBoolean } from '@castellan/momentum';
import { CONFIG_EDIT_PARAMS, type CommitReads } from '../../knowledge/eccfg/commit.js';
import { optionEdits } from '../../knowledge/eccfg/option-edits.js';
import { planConfigEdit, refused } from '../../knowledge/eccfg/plan-edit.js';
import { isWorkingCopy } from '../../knowledge/eccfg/working-copy.js';
import { runningValue } from '../../knowledge/momentum/running-value.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { parameterFiles, USUAL_PATH, type Wanted } from './parameter-files.js';
import { KNOWN_GROUPS } from './parameters.js';
import { switchedOn } from './switched-on.js';

type Reads = 'momentumConfig' | 'momentumVersion' | 'dhParameters' | CommitReads;
type Context = PlanContext<Reads>;

const CONTROLS = ['MOM-TLS-006', 'MOM-TLS-007'];
const PARAMETERS = 'TLS_DHParams_File';
/** Manual, conf.ref.tls_enable_dhe_ciphers: with 3.6.6. */
const SINCE = '3.6.6';
const BITS_MIN = 2048;

export default defineRemediation<Reads>({
  slug: 'dhe-enable',
  title: 'Switch ephemeral Diffie-Hellman on, with good parameters',
  fixes: CONTROLS,
  risk: 'Very old clients (Java 6 and 7) break off at parameters of more than 1024 bits: mail from them comes in clear text, or not at all where TLS is required.',
  reads: [
    'momentumConfig',
    'momentumVersion',
    'dhParameters',
    'credentialStore',
    'serviceCertificates',
    'install',
  ],
  params: {
    parameters: {
      kind: 'text',
      required: false,
      oneOf: [...KNOWN_GROUPS, 'fresh'],
      text: 'a group of RFC 7919, or fresh ones of 2048 bits (takes minutes); if not given, ffdhe2048 where the file that is named is not good, and none where none is named',
    },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 900_000,
  plan,
  verify,
});

function plan(context: Context): Promise<Planned> | Planned {
  const { facts, look } = context;
  const { version } = facts.momentumVersion;
  const mta = facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta').map(({ config }) => config);
  if (mta.length === 0) return refused('this node has no ecelerity.conf: its TLS is not set here');
  if (version === null)
    return refused(
      'the version of Momentum is not known, and before 3.6.6 it has no DHE: give it with --assume-momentum X.Y.Z',
    );
  if (compareVersions(version, SINCE) < 0)
    return refused(`Momentum ${version} has no DHE; it came with ${SINCE}: upgrade first`);
  const wanted = wantedFiles(context);
  if (wanted.refusal !== null) return refused(wanted.refusal);
  let refusal: string | null = null;
  const edits = optionEdits(mta, (config) => {
    const on = switchedOn(config);
    refusal ??= on.refusal;
    const isNamed = evaluate(config, [], PARAMETERS).set;
    return wanted.isToBeNamed && !isNamed
      ? [...on.options, { path: [], option: PARAMETERS, value: USUAL_PATH }]
      : on.options;
  });
  if (refusal !== null) return refused(refusal);
  if (!edits.ok) return refused(edits.why);
  const user = facts.install.serviceUser;
  if (wanted.paths.length > 0 && !user)
    return refused("there is no service's user in etc/passwd to give the parameters to");
  const made =
    user && wanted.paths.length > 0
      ? parameterFiles(look.files, { paths: wanted.paths, user, wanted: wanted.kind })
      : null;
  if (made && !made.ok) return refused(made.why);
  return planConfigEdit(context, {
    slug: 'dhe-enable',
    controls: CONTROLS,
    changes: edits.changes,
    none: 'DHE is on, and its parameters are good',
    verification: ['the running Momentum evaluates TLS_Enable_DHE_Ciphers as true'],
    notes: edits.notes,
    ...(made ? { files: made } : {}),
  });
}

interface WantedFiles {
  readonly paths: readonly string[];
  readonly kind: Wanted;
  /** Nothing names a file yet, and one is asked for. */
  readonly isToBeNamed: boolean;
  readonly refusal: string | null;
}

function wantedFiles({ facts, params, look }: Context): WantedFiles {
  const given = params.text('parameters') as Wanted | null;
  const { files } = facts.dhParameters;
  const kind = given ?? 'ffdhe2048';
  const bad = files.filter(isBad).map(({ path }) => path);
  if (files.length > 0 || given === null) return { paths: bad, kind, isToBeNamed: false, refusal: null };
  const usual = look.files.stat(USUAL_PATH);
  const isCluster = isWorkingCopy(look.files) && !facts.install.roles.includes('singlenode');
  // The setting reaches every node with the next pull; one whose file is missing would not load it.
  const refusal =
    isCluster && !usual.ok
      ? `the configuration is every node's, and ${USUAL_PATH} is this node's alone: put the file on each node first, then ask again on one`
      : null;
  return { paths: usual.ok ? [] : [USUAL_PATH], kind, isToBeNamed: true, refusal };
}

function isBad({ state, bits, isPrime, serviceCanRead }: Context['facts']['dhParameters']['files'][number]) {
  if (state === 'denied') return false;
  return state !== 'parsed' || (bits ?? 0) < BITS_MIN || isPrime === false || serviceCanRead === false;
}

async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const running = await runningValue(context, [], 'tls_enable_dhe_ciphers');
  if (running === null) context.note('the console gave no answer that could be read');
  else if (parseBoolean(running) === false)
    return { ok: false, why: `the running Momentum has TLS_Enable_DHE_Ciphers = ${running}` };
  return recheckAll(context, CONTROLS);
}
