import { type Config, compareVersions, datasourceUris, secretSpans } from '@castellan/momentum';
import { CONFIG_EDIT_PARAMS, type CommitReads, planCommit } from '../../knowledge/eccfg/commit.js';
import { configEdit, VALIDATE_AND_RELOAD } from '../../knowledge/eccfg/config-edit.js';
import { localEdits } from '../../knowledge/eccfg/status.js';
import { CREDMGR } from '../../knowledge/momentum/programs.js';
import {
  type CredentialEntry,
  storeBlocker,
  storedCredentials,
} from '../../knowledge/momentum/stored-credentials.js';
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
  const edits = configChanges(configs, params.reveal('password'));
  if (!edits.ok) return { kind: 'refused', code: edits.code, why: edits.why };
  if (edits.changes.length === 0 && store.database.state === 'present')
    return {
      kind: 'nothing',
      why: 'securecreds is in force, its store is there, and no connection string holds a password',
    };
  const local = await localEdits(context, params.text('localEdits') === 'keep');
  if (local.refusal !== null) return refused(local.refusal);
  const edit = configEdit(look.files, edits.changes);
  if (!edit.ok) return refused(edit.why);
  const entries = requiredEntries(configs);
  const credentials = storeSteps(store, entries);
  const commit = await planCommit(context, {
    slug: 'securecreds-enable',
    controls: CONTROLS,
    files: edit.files,
    local,
    fallbackPassword: 'password',
    blocker: facts.install.roles.includes('singlenode')
      ? null
      : 'each node has a credential store of its own, and other nodes would be told to look passwords up that they do not have yet. Make their stores first (credmgr)',
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
        ...VALIDATE_AND_RELOAD,
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
        ...local.notes,
        ...commit.notes,
        'ASSUMED: a connection string without password= makes securecreds look the password up; the manual shows none',
        'The password stood in clear text: change it afterwards, in the database and with credmgr set_cred',
      ],
      contents: edit.contents,
    },
  };
}

function refused(why: string): Planned {
  return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why };
}

async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const { facts } = context;
  const configs = facts.momentumConfig.configs.map(({ config }) => config);
  const missing = await missingEntries(context, requiredEntries(configs));
  if (missing !== null) return { ok: false, why: missing };
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

/** Null: all are there. */
async function missingEntries(
  { look, facts }: VerifyContext<Reads>,
  entries: readonly CredentialEntry[],
): Promise<string | null> {
  const stored = await storedCredentials(look, facts.credentialStore);
  if (stored.kind === 'not-listed') return `credmgr did not list the entries (${stored.why})`;
  const missing = entries.filter((entry) => !stored.has(entry));
  return missing.length === 0
    ? null
    : `credmgr does not list ${missing.map(({ hostname, facility }) => `${hostname}/${facility}`).join(', ')}`;
}
