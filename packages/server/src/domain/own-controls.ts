import { assert } from '@castellan/shared/base/assert';
import type { Severity } from '@castellan/shared/model/severity';
import { type Verdict, VIOLATIONS_MAX, type Violation } from '@castellan/shared/model/verdict';

/** A control that the server judges itself. Nodes may not write these. */
export interface OwnControl {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly severity: Severity;
  /** What is judged, for people; a finding's own subject may be more precise. */
  readonly subject: string;
  /** Why it matters, how it is judged, what to do: prose in Markdown. */
  readonly doc: string;
  /** Where it is written that this must be so; left out: nowhere but here. */
  readonly sources?: readonly string[];
}

/** Controls whose identifier begins so are the server's, known to this version or not. */
export const OWN_PREFIX = 'CAS-';

/** The manual's pages are cited as the agent cites them (agent/units/sources.ts). */
const MANUAL_3 = 'https://github.com/SparkPost/momentum-documentation/blob/HEAD/docs/web-ref';

/** Every control of the server's own, in the order of their identifiers. One table: add here, nowhere else. */
export const OWN_CONTROLS = [
  {
    id: 'CAS-ALERT-001',
    slug: 'alert-storm',
    title: 'Alerts come one by one',
    severity: 'high',
    subject: 'alerts',
    doc: 'When very many alerts begin at once, or many about one node, a target gets the first ones one by one, and one message about all the others: a storm. It names the worst of them; nothing is lost, and what becomes worse has a message of its own again. Critical alerts have storms of their own, so that no flood of lesser ones hides them.\n\n## How it is judged\n\n- A storm begins when a target got more new alerts than the settings `alerts.newPerMinuteMax` (in a minute) or `alerts.newOfNodeMax` (about one node, in ten minutes) let through, and takes in others until there was none for five minutes.\n- It ends when every alert in it has ended.\n\n## How it is fixed\n\nBy hand: look at its alerts. Often they have one cause: a node that was just enrolled, a change that was rolled out everywhere.',
  },
  {
    id: 'CAS-ALERT-002',
    slug: 'target-failing',
    title: 'This target takes what it is sent',
    severity: 'high',
    subject: 'the target',
    doc: "A target that fails hears nothing of what is wrong. The other targets are told of it; the messages that it did not take are tried again for as long as they are true.\n\n## How it is judged\n\n- fail: no message to it was taken for two minutes, and the last attempt failed.\n- pass: it took one, it was switched off, or it was removed.\n\n## How it is fixed\n\nBy hand: the target's page says what its last answer was; send a test when it is mended. Have at least two targets, and a heartbeat (`alerts.heartbeatUrlFile`) for the day on which neither works.",
  },
  {
    id: 'CAS-CRT-001',
    slug: 'node-certificate',
    title: "The certificate of this node's agent is good for a while",
    severity: 'medium',
    subject: 'agent certificate',
    doc: "An agent renews its certificate itself at two thirds of its life. One that comes near its end was not renewed; once it has ended the agent cannot connect, and the node goes silent.\n\n## How it is judged\n\n- fail: it ends in less than 21 days (for certificates of less than 90 days: less than 7/30 of their life); critical when it has ended.\n- pass: the node connected with a newer one, or was revoked.\n\n## How it is fixed\n\nBy hand: the agent's log says why it was not renewed (`certificate.notRenewed`): a server of an older version, a full state disk, a clock that is wrong. An agent that still has its key renews by it for as long as the setting `certificates.renewalGraceMs` says; after that, enrol the node again with a token made for it (`castellan-server token create --replace NODE`).",
  },
  {
    id: 'CAS-CRT-002',
    slug: 'server-certificates',
    title: "The server's own certificates are good for a while",
    severity: 'medium',
    subject: 'the certificate',
    doc: "With the certificate of the agent listener no agent can connect once it has ended; with the authority's every certificate of the fleet ends. The first is renewed by the server itself at two thirds of its life, and no agent notices.\n\n## How it is judged\n\n- fail: the certificate of the agent listener or of the console listener ends in less than 21 days, or the authority in less than 180 days (one that was rotated out and is not retired yet: 21); critical when one has ended.\n- pass: it does not.\n\n## How it is fixed\n\nThe agent listener: restart the server, which makes a new one, and look in its log for why it did not by itself. The console listener: put a new certificate where `people.tls` says, and restart. The authority: `castellan-server ca rotate` makes the next one, and every node goes over to it by itself; `castellan-server ca status` says how far that is, and `castellan-server ca retire` ends the one before.",
  },
  {
    id: 'CAS-FLEET-001',
    slug: 'mixed-versions',
    title: 'The nodes of this group run one version of Momentum',
    severity: 'medium',
    subject: 'the group',
    doc: 'The versions of Momentum that a cluster runs side by side do not read the same options, and a fix that came with a release holds only where that release is. An upgrade that was begun and not ended looks so: of the MTAs, or of a manager that was left behind.\n\n## How it is judged\n\n- fail: nodes of the group that are heard run two versions or more; the newest is proposed for the others.\n- indeterminate: those that are known are the same, and of others it is not known what they run: a node is silent, its certificate was revoked, or its agent could not tell. A node with a database or the web UI alone runs no Momentum, and does not count.\n- pass: every node runs the same.\n\n## How it is fixed\n\nBy hand: end the upgrade. Nodes that are not upgraded together on purpose belong in groups of their own (`castellan-server node move`), or the finding is waived for as long as the upgrade takes.',
  },
  {
    id: 'CAS-FLEET-002',
    slug: 'shared-key',
    title: 'No private key is on two nodes',
    severity: 'medium',
    subject: 'the key',
    doc: 'Whoever gets one of the nodes has the key of all of them, and a certificate that must be revoked for one is revoked for all. Often nobody meant it: an image was cloned with its keys, a pair was copied.\n\n## How it is judged\n\n- fail: two nodes or more hold a certificate of the same public key, and its private key was read beside it on each. A node that is silent counts: its key is still where it was. Each group with such a node has the finding, and it names the nodes of the others too.\n- pass: one node holds it, or none.\n- A key that is encrypted or could not be read is not compared, nor is a certificate without its key.\n\n## How it is fixed\n\nBy hand: make a new pair on each node but one (`certificate-renew`), and revoke the certificates of the old key if it may have been read. A wildcard certificate that a cluster shares on purpose is waived, with the reason: the finding comes back when the waiver ends, and another shared key is a finding of its own.',
  },
  {
    id: 'CAS-FLEET-003',
    slug: 'configuration-behind',
    title: 'The nodes of this group have what was committed to the configuration',
    severity: 'high',
    subject: 'the group',
    doc: 'A run that edits a configuration under version control commits it on one node; the others pull it. One that does not goes on with what was mended, and nothing on it says so where the repository is elsewhere (MOM-CFG-004).\n\n## How it is judged\n\n- fail: a node that is heard says that its working copy is of the same part of the repository, and has lacked what a run of another node committed for longer than the setting `configuration.behindMs`. Each such node is named, with the revision that it has and since when.\n- indeterminate: the nodes that lack it are silent, their certificate was revoked, or they no longer say what they have.\n- pass: every node that tells its revision has what was committed. What was committed by hand is not waited for, nor is a node that never said which revision it has.\n\n## How it is fixed\n\nBy hand, on the node: `eccfg pull` shows why it does not come. Often the certificate of ecconfigd has expired (MOM-CRT-006), cron does not pull (MOM-CFG-004), or the configuration is frozen or edited (MOM-CFG-002).',
    sources: [`Momentum 3.x manual, cluster.config.management (${MANUAL_3}/cluster.config.management.md)`],
  },
  {
    id: 'CAS-NODE-001',
    slug: 'node-silent',
    title: 'The agent of this node reports',
    severity: 'high',
    subject: 'agent',
    doc: 'A node that is not heard may have lost its agent, its network or its power: what is known of it is no longer sure.\n\n## How it is judged\n\n- fail: more than three heartbeats in a row did not come. One that was just enrolled has ten minutes to connect.\n- pass: the node was heard again.\n\n## How it is fixed\n\nBy hand: look at the agent on the node (`castellan-agent doctor`).',
  },
  {
    id: 'CAS-NODE-002',
    slug: 'node-rate',
    title: 'This node sends no more than its share',
    severity: 'medium',
    subject: 'rate',
    doc: "A node that sends without end is broken or not its owner's. Its own link is slowed, nobody else's.\n\n## How it is judged\n\n- fail: its link was slowed again and again for half a minute.\n- pass: it was not slowed for ten minutes.\n\n## How it is fixed\n\nBy hand: look at the agent's log; revoke the node if it is not yours.",
  },
  {
    id: 'CAS-NODE-003',
    slug: 'node-quota',
    title: 'This node keeps within its quota',
    severity: 'high',
    subject: 'quota',
    doc: 'What one node may keep on the server is bounded: verdicts, their bytes and active findings. What is beyond is refused and counted, so that part of what this node reports is missing here.\n\n## How it is judged\n\n- fail: something was refused; the summary says what.\n- pass: nothing was refused for ten minutes.\n\n## How it is fixed\n\nBy hand: look at the findings of the node. Thousands of subjects are a mistake, or a node that is not yours.',
  },
  {
    id: 'CAS-NODE-004',
    slug: 'node-unknown-controls',
    title: 'The server knows the controls that this node judges',
    severity: 'low',
    subject: 'unknown controls',
    doc: 'An agent that is newer than the server judges controls that the server has no text for. Their verdicts are left out.\n\n## How it is judged\n\n- fail: the node sent verdicts of controls that are not in the catalogue.\n- pass: it holds none any more.\n\n## How it is fixed\n\nBring the server to the version of the agent.',
  },
  {
    id: 'CAS-NODE-005',
    slug: 'node-own-controls',
    title: "This node keeps out of the server's own controls",
    severity: 'high',
    subject: 'own controls',
    doc: "Controls that begin with CAS-, and MOM-CRED-002, are the server's own. No agent judges them: a node that does could hide its own silence. The verdicts are left out.\n\n## How it is judged\n\n- fail: the node sent such a verdict.\n- pass: it holds none any more.\n\n## How it is fixed\n\nBy hand: find out who speaks in the name of this node; revoke it if stale.",
  },
  {
    id: 'CAS-NODE-006',
    slug: 'node-replaced',
    title: 'The identity of this node is the one that it was enrolled with',
    severity: 'medium',
    subject: 'replaced identity',
    doc: 'A node that was given a new key without proof of its old one may be another machine that took its name.\n\n## How it is judged\n\n- fail: it was enrolled again with a token that was made for its name, and did not prove its old key.\n- pass: nobody objected for a day.\n\n## How it is fixed\n\nBy hand: if nobody meant to replace it, revoke the node, and find out who had the token (the audit names it and the address).',
  },
  {
    id: 'CAS-NODE-010',
    slug: 'node-clock',
    title: 'The clock of this node and that of the server agree',
    severity: 'medium',
    subject: 'clock',
    doc: 'A wrong clock calls good certificates bad and bad ones good, and what a node made by it nobody else accepts. While the clocks differ, no certificate is made on the node and none is issued for it.\n\n## How it is judged\n\n- fail: at its hello or a heartbeat the clock of the node was more than five minutes away from the clock of the server.\n- pass: it was not.\n\n## How it is fixed\n\nBy hand: let NTP set the clock of the node, or of the server if every node fails.',
  },
  {
    id: 'CAS-NODE-011',
    slug: 'node-watchers',
    title: 'The watchers of this node prove themselves',
    severity: 'medium',
    subject: 'watchers',
    doc: "A watcher that has gone deaf misses every change until the next whole look.\n\n## How it is judged\n\n- fail: a watcher did not see its canary file for two minutes, or says what it cannot watch, for two minutes on end.\n- pass: every watcher saw its canary.\n\n## How it is fixed\n\nBy hand: the agent's log says why (inotify limits, a full disk); `castellan-agent doctor` looks.",
  },
  {
    id: 'CAS-NODE-012',
    slug: 'node-twins',
    title: 'One agent uses the identity of this node',
    severity: 'high',
    subject: 'identity',
    doc: 'An image that was cloned after it was enrolled, or an agent that was started twice: what the server knows of this node is of two machines, and a command may reach the wrong one.\n\n## How it is judged\n\n- fail: an agent came back while another that was started after it is connected.\n- pass: no second agent was seen for half an hour.\n\n## How it is fixed\n\nBy hand: stop one of the two, remove its state folder, and enrol it with a token and a name of its own.',
  },
  {
    id: 'CAS-NODE-013',
    slug: 'node-agent',
    title: 'The agent of this node has what it needs',
    severity: 'medium',
    subject: 'agent health',
    doc: "An agent whose disk is full or whose parts do not stay up goes on judging and reporting, but may lose what it has not reported when it is stopped, and carries out no run.\n\n## How it is judged\n\n- fail: the agent's heartbeat names a problem of its own.\n- pass: it names none.\n\n## How it is fixed\n\nBy hand: make room on the disk of the agent's state folder; `castellan-agent doctor` says what is wrong. It heals by itself.",
  },
  {
    id: 'CAS-RUN-001',
    slug: 'run-ended-badly',
    title: 'No run has left this node stale',
    severity: 'critical',
    subject: 'the remediation',
    doc: 'A run that failed and could not be put back, or of which nothing is heard any more, may have left the node between two states: a service may be down, a key may stand beside the certificate of another.\n\n## How it is judged\n\n- fail: a run ended as "rollback failed", or a run that was begun was not heard of for half an hour.\n- pass: the node said later that the run was put back or done, or a later run of the remediation was done and verified.\n\n## How it is fixed\n\nBy hand: the last lines of the run say what stands where. The agent tries again to put back at each of its starts.',
  },
  {
    id: 'MOM-CRED-002',
    slug: 'securecreds-everywhere',
    title: 'Securecreds enabled on every node',
    severity: 'high',
    subject: 'the group',
    doc: "The credential store is each node's own: enabled on one, it protects none of the others, and one node that keeps its passwords in clear text is enough to lose them all.\n\n## How it is judged\n\nFor each group, from what its nodes say of MOM-CRED-001 (securecreds is enabled) and MOM-CRED-003 (its database and its key are there):\n\n- fail: one of the two fails on a node that is heard. Each such node is named.\n- indeterminate: none is known to lack it, and of some node it is not known: it is silent, its certificate was revoked, it has not said, or it could not tell.\n- Nodes on which MOM-CRED-001 does not apply (Momentum before 3.2) do not count.\n- pass: every node that counts has it.\n\nThe nodes' own findings page; this one follows from them and does not page beside them.\n\n## How it is fixed\n\nNode by node: the finding's page links to a plan of `securecreds-enable` for each.",
    sources: [`Momentum 3.x manual, install.security (${MANUAL_3}/install.security.md)`],
  },
] as const satisfies readonly OwnControl[];

const OWN_IDS: ReadonlySet<string> = new Set(OWN_CONTROLS.map(({ id }) => id));

/** Whether the server judges this control, and no node does. */
export function isOwn(control: string): boolean {
  return control.startsWith(OWN_PREFIX) || OWN_IDS.has(control);
}

export type OwnControlId = (typeof OWN_CONTROLS)[number]['id'];

export interface OwnJudgement {
  readonly status: 'fail' | 'pass' | 'not-applicable' | 'indeterminate';
  /** Of an indeterminate one also the reason. */
  readonly summary: string;
  /** The control's own subject when left out. */
  readonly subject?: string;
  readonly found?: string;
  /** The control's own severity when left out. */
  readonly severity?: Severity;
  /** The places of one that fails; left out: the agent, with what was found. The first ones are kept. */
  readonly violations?: readonly Violation[];
  /** Places that are not in `violations`. */
  readonly moreViolations?: number;
}

/** A verdict of the server's own; it takes the path of every other verdict. */
export function ownVerdict(id: OwnControlId, judgement: OwnJudgement): Verdict {
  const control: OwnControl | undefined = OWN_CONTROLS.find((row) => row.id === id);
  assert(control, `${id} is a row of the table`);
  const {
    status,
    summary,
    subject = control.subject,
    found = summary,
    severity = control.severity,
    violations = [{ at: { object: 'castellan-agent' }, found }],
    moreViolations = 0,
  } = judgement;
  const more = moreViolations + Math.max(0, violations.length - VIOLATIONS_MAX);
  return {
    control: id,
    title: control.title,
    severity,
    status,
    subject,
    summary: summary.slice(0, 1024),
    violations:
      status === 'fail'
        ? violations.slice(0, VIOLATIONS_MAX).map((one) => ({ ...one, found: one.found.slice(0, 4096) }))
        : [],
    ...(status === 'fail' && more > 0 ? { moreViolations: more } : {}),
    reason: status === 'indeterminate' ? summary.slice(0, 2048) : null,
    remediation: null,
    sources: [...(control.sources ?? [])],
  };
}
