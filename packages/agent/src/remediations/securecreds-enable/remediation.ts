import { type Config, compareVersions, datasourceUris, secretSpans } from '@castellan/momentum';
import { CONFIG_EDIT_PARAMS, type CommitReads, planCommit } from '../../knowledge/eccfg/commit.js';
import { configEdit, VALIDATE_AND_RELOAD } from '../../knowledge/eccfg/config-edit.js';
import { localEdits } from '../../knowledge/eccfg/status.js';
import { CREDMGR } from '../../knowledge/momentum/programs.js';
import { storeBlocker, storedCredentials } from '../../knowledge/momentum/stored-credentials.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { configChanges } from './config-changes.js';
import { requiredEntries, storeSteps } from './entries.js';

type Reads = 'momentumConfig' | 'momentumVersion' | CommitReads;

/** Manual, modules.securecreds: the module came with it. */
const SINCE = '3.2';
const CONTROLS = ['MOM-CRED-001', 'MOM-CRED-003', 'MOM-CRED-004', 'MOM-CRED-006'];

export default defineRemediation<Reads>({
  slug: 'securecreds-enable',
  title: 'Keep the passwords of databases and services encrypted (securecreds)',
  fixes: CONTROLS,
  risk: 'Momentum, ecconfigd and the web UI log in to the database with the stored password from then on: a wrong one cuts them off. credmgr takes the password as an argument, so root and the service user can see it in the list of processes for a moment.',
  reads: ['momentumConfig', 'momentumVersion', 'credentialStore', 'serviceCertificates', 'install'],
  params: {
    password: {
      kind: 'secret',
      required: true,
      text: "the service's password: of the database user and of ecconfigd",
    },
    part: {
      kind: 'text',
      required: false,
      oneOf: ['store', 'config', 'all'],
      text: "what is done here: the node's own store, the configuration (every node's), or both; if not given, both on a single node, and the store on a node of a cluster",
    },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 300_000,
  plan,
  verify,
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { facts, params, look } = context;
  const { version } = facts.momentumVersion;
  if (version !== null && compareVersions(version, SINCE) < 0)
    return refused(`Momentum ${version} has no securecreds module; it came with ${SINCE}`);
  const { credentialStore: store } = facts;
  if (store.database.state === 'denied' || store.key.state === 'denied')
    return refused(`${store.database.path} or ${store.key.path} cannot be inspected: run as root`);
  if (store.database.state !== store.key.state)
    return refused(
      `of ${store.database.path} and ${store.key.path} only one is there: entries that were stored cannot be read with a new key. Put the other one back, or move it away`,
    );
  const strange = storeBlocker(look.files, store);
  if (strange !== null) return refused(strange);
  const configs = facts.momentumConfig.configs.map(({ config }) => config);
  const part = partOf(context);
  if (part === 'config' && store.database.state !== 'present')
    return refused(`this node has no store yet (${store.database.path}): make it first, with part=store`);
  const wanted = configChanges(configs, params.reveal('password'));
  if (!wanted.ok) return { kind: 'refused', code: wanted.code, why: wanted.why };
  const edits = part === 'store' ? { ...wanted, changes: [] } : wanted;
  const isStoreDone = store.database.state === 'present' && !(await storeLacks(context, configs))?.length;
  if (edits.changes.length === 0 && isStoreDone)
    return {
      kind: 'nothing',
      why:
        wanted.changes.length === 0
          ? 'securecreds is in force, its store is there, and no connection string holds a password'
          : `this node has its store. ${NEXT_STEP}`,
    };
  const local = await localEdits(context, params.text('localEdits') === 'keep');
  if (local.refusal !== null) return refused(local.refusal);
  const edit = configEdit(look.files, edits.changes);
  if (!edit.ok) return refused(edit.why);
  const entries = requiredEntries(configs);
  const credentials = part === 'config' ? [] : storeSteps(store, entries);
  const commit = await planCommit(context, {
    slug: 'securecreds-enable',
    controls: CONTROLS,
    files: edit.files,
    local,
    fallbackPassword: 'password',
  });
  return {
    kind: 'draft',
    draft: {
      steps: [
        ...credentials,
        ...(edit.files.length > 0
          ? [
              {
                kind: 'replace-files' as const,
                id: 'configuration',
                files: edit.files,
                secretBackup: edit.holdsSecret,
              },
            ]
          : []),
        // A store that no configuration names yet changes nothing for who runs.
        ...(edit.files.length > 0 || wanted.changes.length === 0 ? VALIDATE_AND_RELOAD : []),
        ...commit.steps,
      ],
      changes: [
        ...credentials.map((step) => ({
          kind: 'program' as const,
          target: CREDMGR,
          summary: step.id,
          before: null,
          after: null,
        })),
        ...edit.changes,
        ...commit.changes,
      ],
      effects: [
        'Momentum reads its configuration again (config reload); nothing is restarted',
        ...commit.effects,
      ],
      verification: [
        'credmgr lists every entry (without passwords)',
        'validate_config says "Configuration valid"',
        `${CONTROLS.join(', ')} pass`,
        ...commit.verification,
      ],
      notes: [
        ...edits.notes,
        ...(part === 'store' && wanted.changes.length > 0 ? [NEXT_STEP] : []),
        ...webUiNote(look.files),
        ...local.notes,
        ...commit.notes,
        'ASSUMED: a connection string without password= makes securecreds look the password up; the manual shows none',
        'The password stood in clear text: change it afterwards, in the database and with credmgr set_cred',
      ],
      contents: edit.contents,
    },
  };
}

/**
 * Each node has a store of its own, and the configuration is every node's: one that is told to look passwords up and has
 * none cannot log in any more. So in a cluster all stores come first.
 */
const NEXT_STEP =
  'Next: the same on every other node of the cluster (MOM-CRED-002 on the server names those that lack it); then once, on one of them, with part=config';

type Part = 'store' | 'config' | 'all';

function partOf({ facts, params }: Pick<PlanContext<Reads>, 'facts' | 'params'>): Part {
  const given = params.text('part') as Part | null;
  return given ?? (facts.install.roles.includes('singlenode') ? 'all' : 'store');
}

const WEB_UI_INI = '/opt/msys/3rdParty/etc/php.d/ecdb.ini';

/** Manual, operations.postgresql: the web UI's own copy of the database's password. */
function webUiNote(files: PlanContext['look']['files']): string[] {
  const read = files.read(WEB_UI_INI, { bytesMax: 1024 * 1024 });
  if (!read.ok) return [];
  return /^[^;#\n]*pass\w*\s*=\s*"?[^\s";]/im.test(read.value.toString('latin1'))
    ? [
        `${WEB_UI_INI} holds the database's password in clear text too: the web UI has it from the store (facility ecdb) once the line is empty. A person must empty it, and restart ecwebui`,
      ]
    : [];
}

function refused(why: string): Planned {
  return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why };
}

async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const { facts } = context;
  const configs = facts.momentumConfig.configs.map(({ config }) => config);
  const missing = await storeLacks(context, configs);
  if (missing === null) return { ok: false, why: 'credmgr did not list the entries' };
  if (missing.length > 0) return { ok: false, why: `credmgr does not list ${missing.join(', ')}` };
  if (partOf(context) === 'store') {
    const access = await recheckAll(context, ['MOM-CRED-003', 'MOM-CRED-004']);
    return access.ok && !facts.credentialStore.isEnabled
      ? { ok: true, left: [...(access.left ?? []), `securecreds is not switched on yet. ${NEXT_STEP}`] }
      : access;
  }
  const uris = configs
    .flatMap((config) => datasourceUris(config))
    .filter(({ driver, secretAt }) => driver === 'pgsql' && secretAt !== null);
  if (uris.length > 0)
    return {
      ok: false,
      why: `a connection string still holds a password: ${uris.map(({ at }) => `${at.file}:${at.line}`).join(', ')}`,
    };
  const judged = CONTROLS.filter((id) => id !== 'MOM-CRED-006' || !holdsOtherSecrets(configs));
  if (judged.length < CONTROLS.length)
    context.note(
      'other passwords than those of the database are left in the configuration: securecreds does not keep those',
    );
  return recheckAll(context, judged);
}

function holdsOtherSecrets(configs: readonly Config[]): boolean {
  return configs.some(({ files }) => files.some(({ tree }) => secretSpans(tree).length > 0));
}

/** Entries that the store does not have; null: credmgr did not list them. */
async function storeLacks(
  { look, facts }: Pick<PlanContext<Reads>, 'look' | 'facts'>,
  configs: readonly Config[],
): Promise<readonly string[] | null> {
  const stored = await storedCredentials(look, facts.credentialStore);
  if (stored.kind === 'not-listed') return null;
  return requiredEntries(configs)
    .filter((entry) => !stored.has(entry))
    .map(({ hostname, facility }) => `${hostname}/${facility}`);
}
