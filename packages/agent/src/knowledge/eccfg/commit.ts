import type { PlannedChange } from '@castellan/shared/model/plan';
import type { PlanContext, RemediationParam } from '../../units/remediation.js';
import type { FileReplacement, Step } from '../../units/step.js';
import { ECCFG } from '../momentum/programs.js';
import { ECCFG_ENTRY, storedCredentials } from '../momentum/stored-credentials.js';
import { type LocalEdits, named } from './status.js';
import { isVersioned, isWorkingCopy } from './working-copy.js';

/** The service account (Manual, executable.ecconfigd); eccfg's entry in the credential store is always its. */
const SERVICE_ACCOUNT = 'ecuser';

/** What every remediation that edits the configuration asks for. */
export const CONFIG_EDIT_PARAMS = {
  localEdits: {
    kind: 'text',
    required: false,
    default: 'refuse',
    oneOf: ['refuse', 'keep'],
    text: 'what to do where the configuration has edits that were not committed',
  },
  commit: {
    kind: 'text',
    required: false,
    default: 'yes',
    oneOf: ['yes', 'no'],
    text: 'whether the edit is committed with eccfg once it is verified, where that can be done',
  },
  repositoryUser: {
    kind: 'text',
    required: false,
    default: SERVICE_ACCOUNT,
    text: "who commits: a user of ecconfigd's repository",
  },
  repositoryPassword: {
    kind: 'secret',
    required: false,
    text: "that user's password; not needed where the credential store has one for eccfg",
  },
} as const satisfies Readonly<Record<string, RemediationParam>>;

/** The facts that tell whether a commit can be made. */
export type CommitReads = 'credentialStore' | 'serviceCertificates' | 'install';

type Context = Pick<PlanContext<CommitReads>, 'facts' | 'params' | 'look'>;

export interface CommitRequest {
  readonly slug: string;
  readonly controls: readonly string[];
  readonly files: readonly FileReplacement[];
  readonly local: LocalEdits;
  /** A parameter that is the password of `ecuser` in the repository too, where `repositoryPassword` is not given. */
  readonly fallbackPassword?: string;
  /** Why it must not be committed, in this remediation's own eyes. */
  readonly blocker?: string | null;
}

/** The runner does so (runner/pull-newest.ts). */
const PULL_FIRST =
  'the newest configuration is pulled first (eccfg pull); where that changes what this plan changes, nothing is done and the plan is made again';

/** Parts of a draft. Without steps nothing is committed, and the notes say why and what to run. */
export interface CommitPlan {
  readonly steps: readonly Step[];
  readonly changes: readonly PlannedChange[];
  readonly effects: readonly string[];
  readonly verification: readonly string[];
  readonly notes: readonly string[];
}

const COMMIT_MS = 120_000;

/**
 * An edit that is not committed is this node's alone, holds up what others commit, and is in the way of the next
 * `eccfg pull` (Manual, conf.manual.changes). It is committed last, when what it does has been verified here
 * (policy.best.practices: test before the commit).
 */
export async function planCommit(context: Context, request: CommitRequest): Promise<CommitPlan> {
  const { files } = context.look;
  if (!isWorkingCopy(files))
    return onlyHere('The configuration is not under version control here, so there is nothing to commit', '');
  const versioned = request.files.map(({ path }) => path).filter((path) => isVersioned(files, path));
  const unversioned = versioned.filter((path) => request.local.unversioned.includes(path));
  const taken = versioned.filter((path) => !unversioned.includes(path));
  if (taken.length === 0)
    return onlyHere('None of the files is under version control, so there is nothing to commit', '');
  const login = await loginFor(context, request);
  const blocker = request.blocker ?? blockerOf(context, request.local) ?? (login.ok ? null : login.why);
  if (blocker !== null || !login.ok)
    return onlyHere(`The edit is not committed, and is this node's alone: ${blocker}`, howTo(request));
  return {
    steps: [
      {
        kind: 'commit',
        id: 'commit to the repository',
        username: login.username,
        password: login.password,
        files: [...new Set([...taken, ...request.local.own])].sort(),
        message: `castellan: ${request.slug}${request.controls.length > 0 ? ` (${request.controls.join(', ')})` : ''}`,
        timeoutMs: COMMIT_MS,
      },
    ],
    changes: [
      {
        kind: 'program',
        target: ECCFG,
        summary: `commit ${named(taken)} as ${login.username}, when all else is verified`,
        before: null,
        after: null,
      },
    ],
    effects: [PULL_FIRST, reachOf(context)],
    verification: ['eccfg says "Committed revision"; otherwise everything is put back'],
    notes: [
      ...login.notes,
      ...(unversioned.length > 0
        ? [`not under version control, so not committed: ${named(unversioned)}`]
        : []),
      ...(request.local.own.length > 0
        ? [`earlier edits of this agent are committed with it: ${named(request.local.own)}`]
        : []),
    ],
  };
}

function onlyHere(why: string, then: string): CommitPlan {
  return { steps: [], changes: [], effects: [], verification: [], notes: [`${why}${then}`] };
}

/** Manual, executable.eccfg. From `/`, because a pull puts another folder in the place of conf. */
function howTo({ slug }: CommitRequest): string {
  return `. An eccfg pull can come into conflict with it. When it has proved itself: cd / && ${ECCFG} commit --username USER -m "castellan: ${slug}"`;
}

function blockerOf({ params, look, facts }: Context, local: LocalEdits): string | null {
  if (params.text('commit') === 'no') return 'commit=no was given';
  if (local.notKnown !== null)
    return `what else stands uncommitted is not known (${local.notKnown}), and eccfg commit would take it too`;
  if (local.kept.length > 0)
    return `eccfg commit would take the edits of others too (${named(local.kept)}): whoever made them must say`;
  const pairs = facts.serviceCertificates.services.filter(({ location }) => location.service === 'ecconfigd');
  // Of several pairs the one that is in the way.
  const ecconfigd =
    pairs.find((one) => one.servedNotAfterMs !== null && one.servedNotAfterMs <= look.clock.now()) ??
    pairs[0];
  if (!ecconfigd) return null;
  const { served, servedNotAfterMs, location } = ecconfigd;
  if (served.kind === 'closed' || served.kind === 'no-tls')
    return `ecconfigd does not answer at ${location.endpoint.host}:${location.endpoint.port} (${served.kind})`;
  // Manual, executable.create_ssl_cert: eccfg takes a certificate of its own signature, but not an expired one.
  if (servedNotAfterMs !== null && servedNotAfterMs <= look.clock.now())
    return 'the certificate of ecconfigd has expired, and eccfg refuses to talk to it (renew it first: certificate-renew)';
  return null;
}

type Login =
  | {
      readonly ok: true;
      readonly username: string;
      readonly password: { readonly secret: string } | null;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly why: string };

/** The password that was given, else the one that eccfg finds itself in the credential store (modules.securecreds). */
async function loginFor({ params, facts, look }: Context, request: CommitRequest): Promise<Login> {
  const username = params.text('repositoryUser') ?? SERVICE_ACCOUNT;
  const secret = params.given('repositoryPassword')
    ? 'repositoryPassword'
    : username === SERVICE_ACCOUNT
      ? request.fallbackPassword
      : undefined;
  if (secret !== undefined)
    return {
      ok: true,
      username,
      password: { secret },
      notes: [
        'ASSUMED: eccfg reads the password that it asks for from its standard input, so that no argument list shows it; where it does not, the commit fails and everything is put back',
      ],
    };
  const none = (why: string): Login => ({
    ok: false,
    why: `there are no credentials for the repository: repositoryPassword was not given, and ${why}`,
  });
  if (username !== SERVICE_ACCOUNT)
    return none(`the credential store has entries of ${SERVICE_ACCOUNT} only`);
  const store = facts.credentialStore;
  if (!store.isEnabled) return none('securecreds is not enabled');
  if (store.database.state !== 'present' || store.key.state !== 'present')
    return none(`${store.database.path} or ${store.key.path} could not be found`);
  const stored = await storedCredentials(look, store);
  if (stored.kind === 'not-listed') return none(`credmgr did not list its entries (${stored.why})`);
  return stored.has(ECCFG_ENTRY)
    ? { ok: true, username, password: null, notes: [] }
    : none(
        `the credential store has no entry ${ECCFG_ENTRY.hostname}/${ECCFG_ENTRY.facility} (credmgr set_cred)`,
      );
}

/** Manual, conf.manual.changes: every other node of the subcluster pulls it and reloads by itself. */
function reachOf({ facts }: Context): string {
  return facts.install.roles.includes('singlenode')
    ? "The edit is committed to ecconfigd's repository"
    : "The edit is committed to ecconfigd's repository: the other nodes of the subcluster take it up with their next eccfg pull, and reload";
}
