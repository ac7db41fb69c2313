import { accessChange, accessStep, opensOf } from '../../knowledge/access/plan-access.js';
import { CONFIG_EDIT_PARAMS, type CommitReads } from '../../knowledge/eccfg/commit.js';
import { planConfigEdit, refused } from '../../knowledge/eccfg/plan-edit.js';
import { ldapUse } from '../../knowledge/momentum/ldap-use.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { authorityProblem, clientEdit, masked, wantedAccess } from './client-files.js';
import { consoleNotes, directoryEdits } from './directory-edits.js';

type Reads = 'momentumConfig' | 'ldapClient' | CommitReads;

const CONTROLS = ['MOM-LDAP-001', 'MOM-LDAP-002', 'MOM-LDAP-003'];

export default defineRemediation<Reads>({
  slug: 'ldap-strict',
  title: 'Ask the directory over TLS, and take no certificate but its own',
  fixes: CONTROLS,
  risk: 'Where the directory speaks no ldaps, or its certificate is not of the authority that is named, nobody signs in to the console and the web UI by it, and eccfg pull --auto stops. Try a sign-in right after, and keep a session open.',
  reads: ['momentumConfig', 'ldapClient', 'credentialStore', 'serviceCertificates', 'install'],
  params: {
    ca: {
      kind: 'text',
      required: false,
      text: "file with the certificate of the directory's authority, for TLS_CACERT; if not given, the one that ldap.conf names",
    },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 300_000,
  plan,
  verify,
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const found = wantedOf(context);
  if ('refused' in found) return found.refused;
  const { client, access, edits, notes } = found;
  const entries = access.entries.filter(({ path }) => !client?.replacements.some((one) => one.path === path));
  if (edits.length === 0) return onlyClient(context, found);
  return planConfigEdit(context, {
    slug: 'ldap-strict',
    controls: CONTROLS,
    changes: edits,
    none: NOTHING,
    ...(client ? { files: client } : {}),
    ...(access.entries.length > 0
      ? {
          before: {
            steps: entries.length > 0 ? [accessStep(entries)] : [],
            changes: access.entries.map((entry) => accessChange(entry, context.facts.install)),
          },
        }
      : {}),
    opens: opensOf(access.entries),
    effects: [AT_NEXT_START],
    verification: [LOOKED_AT],
    notes: [...notes, ...access.notes],
  });
}

const NOTHING = 'every directory is asked by ldaps, and its certificate is demanded';
const AT_NEXT_START =
  'ldap.conf is read when a process first asks a directory: what runs has it from its next start';
const LOOKED_AT =
  'the files are read again: ldaps everywhere, TLS_REQCERT demand, and an authority that Momentum’s user can read';

type Found = Exclude<ReturnType<typeof wantedOf>, { refused: unknown }>;

/** Where the configuration is right already, Momentum has nothing to read again. */
function onlyClient({ facts }: PlanContext<Reads>, { client, access, notes }: Found): Planned {
  const entries = access.entries.filter(({ path }) => !client?.replacements.some((one) => one.path === path));
  if (!client && access.entries.length === 0)
    return access.notes.length > 0 ? refused(access.notes.join('. ')) : { kind: 'nothing', why: NOTHING };
  return {
    kind: 'draft',
    draft: {
      steps: [
        ...(entries.length > 0 ? [accessStep(entries)] : []),
        ...(client
          ? [
              {
                kind: 'replace-files',
                id: 'ldap.conf',
                files: client.replacements,
                secretBackup: true,
              } as const,
            ]
          : []),
      ],
      opens: opensOf(access.entries),
      changes: [
        ...access.entries.map((entry) => accessChange(entry, facts.install)),
        ...(client?.changes ?? []),
      ],
      effects: [AT_NEXT_START],
      verification: [LOOKED_AT, `${CONTROLS.join(', ')} pass`],
      notes: [...notes, ...access.notes],
      contents: client?.contents ?? {},
    },
  };
}

/** What is to change, or why nothing may. */
function wantedOf({ facts, params, look }: PlanContext<Reads>) {
  const no = (why: string) => ({ refused: refused(why) });
  const { momentumConfig, ldapClient, install } = facts;
  const use = ldapUse(momentumConfig);
  if (use.at === null)
    return use.doubt === null
      ? { refused: { kind: 'nothing', why: 'no setting of the configuration names a directory' } as const }
      : no(use.doubt);
  const user = install.serviceUser;
  if (!user || user.uid !== momentumConfig.runUser.principal?.uid)
    return no(
      `the configuration has Momentum run as ${momentumConfig.runUser.name}: what that user is given must be decided by a person`,
    );
  const authority = authorityOf(ldapClient.settings, params.text('ca'));
  if (authority === null)
    return no(
      `${ldapClient.path} names no authority (TLS_CACERT), and with its certificate demanded nobody could sign in: give the file with it, ca=/etc/pki/tls/cert.pem`,
    );
  const problem = authorityProblem(look.files, user, authority.path, authority.isFolder);
  if (problem !== null) return no(problem);
  const edits = directoryEdits(momentumConfig.configs.map(({ config }) => config));
  if (!edits.ok) return no(edits.why);
  const own = look.files.read(ldapClient.path);
  const hasPassword = own.ok && masked(own.value.toString('latin1')) !== own.value.toString('latin1');
  const paths = [...(own.ok ? [ldapClient.path] : []), authority.path];
  const access = wantedAccess(look.files, install, { user, paths, hasPassword });
  const after = access.entries.find(({ path }) => path === ldapClient.path)?.after ?? null;
  const client = clientEdit(look.files, ldapClient.path, authority.isGiven ? authority.path : null, after);
  if (!client.ok) return no(client.why);
  return {
    client: client.edit,
    access,
    edits: edits.changes,
    notes: [...edits.notes, ...consoleNotes(momentumConfig.configs)],
  };
}

function authorityOf(
  settings: readonly { readonly key: string; readonly value: string }[],
  given: string | null,
) {
  const last = (name: string) => settings.findLast(({ key }) => key === name)?.value.trim();
  const file = last('TLS_CACERT');
  if (given !== null && given !== file) return { path: given, isFolder: false, isGiven: true };
  if (file !== undefined) return { path: file, isFolder: false, isGiven: false };
  const folder = last('TLS_CACERTDIR');
  return folder === undefined ? null : { path: folder, isFolder: true, isGiven: false };
}

/** What is left of these is low (a data source of before), which only a person takes away, and is told. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const found = wantedOf(context);
  if ('refused' in found)
    return { ok: false, why: 'why' in found.refused ? found.refused.why : 'it is not as planned' };
  if (found.client || found.access.entries.length > 0 || found.edits.length > 0)
    return { ok: false, why: 'what was to change is not as planned' };
  const left: string[] = [];
  for (const id of CONTROLS) {
    const { status, summary } = await context.recheck(id);
    context.note(`${id}: ${status}. ${summary}`);
    if (status === 'pass' || status === 'not-applicable') continue;
    if (id !== 'MOM-LDAP-001' || !/as the manual does not set it up/.test(summary))
      return { ok: false, why: `${id} is ${status} after the change: ${summary}` };
    left.push(`${id}: ${summary}`);
  }
  return { ok: true, left };
}
