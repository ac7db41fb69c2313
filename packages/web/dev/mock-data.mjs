// Invented answers in the shapes of /api/v1. Hosts and addresses are those that documentation may use.
import { PERMISSIONS } from '../../server/dist/domain/access/roles.js';
import { exampleMessage } from '../../server/dist/domain/alert/example.js';
import { CHANNEL_MODULES } from '../../server/dist/outbox/channels.generated.js';

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const MANUAL = 'Momentum 3.x manual, install.security (https://support.example.com/docs/install.security)';
const CONF = '/opt/msys/ecelerity/etc/conf';

export const user = { name: 'olga', role: 'admin', permissions: PERMISSIONS };

const verdict = (control, severity, title, subject, summary, violations, remediation) => ({
  control,
  title,
  severity,
  status: 'fail',
  subject,
  summary,
  violations,
  reason: null,
  remediation,
  sources: [MANUAL],
});
const faults = [
  verdict(
    'MOM-CRT-006',
    'critical',
    'The ecconfigd certificate is valid',
    'ecconfigd',
    'The certificate of ecconfigd expired 3 days ago: configuration no longer reaches the nodes.',
    [
      {
        at: { file: '/var/ecconfigd/apache/server.crt', object: 'port 2027' },
        found: 'notAfter 2026-11-21 00:00:00 UTC',
        proposed: 'a new certificate, valid for 365 days',
      },
    ],
    'certificate-renew',
  ),
  verdict(
    'MOM-CRED-001',
    'high',
    'securecreds is enabled',
    'node',
    'The module securecreds is not loaded: passwords stand in plain text.',
    [
      {
        at: { file: '/opt/msys/etc/installer/ecelerity.d/ecdb.conf', line: 4, scope: 'Datasource:ecdb:' },
        found: 'uri = "pgsql:host=db1.example.com;user=ecuser;password=••••"',
        proposed: 'securecreds {}  and the password in its store',
      },
    ],
    'securecreds-enable',
  ),
  verdict(
    'MOM-TLS-001',
    'high',
    'SSLv3 is disabled in every inbound TLS scope (POODLE)',
    'inbound',
    'SSLv3 is offered by one binding and by the global default.',
    [
      {
        at: { file: `${CONF}/default/ecelerity.conf`, line: 41, scope: 'Binding:bindingTLS:' },
        found: '+ALL',
        proposed: '+ALL:-SSLv2:-SSLv3',
      },
      {
        at: { scope: 'Esmtp_Listener::Listen:\\:25:' },
        found: 'unset, which means +ALL',
        proposed: '+ALL:-SSLv2:-SSLv3',
      },
    ],
    'tls-protocols',
  ),
  verdict(
    'MOM-PERM-002',
    'high',
    'Every file of the configuration is readable by ecuser',
    'node',
    'One file under conf cannot be read by ecuser: Reconfigure fails with CFG-07961.',
    [
      {
        at: { file: `${CONF}/default/extra-domains.conf` },
        found: 'root:root 0640',
        proposed: 'ecuser:ecuser 0640',
      },
    ],
    'config-permissions',
  ),
  verdict(
    'MOM-CRT-009',
    'high',
    'Private keys are readable by their service only',
    'webui',
    "Everybody on the host can read the web UI's private key.",
    [
      {
        at: { file: '/opt/msys/ecwebui/config/site/server.key' },
        found: 'root:root 0644',
        proposed: 'root:root 0600',
      },
    ],
    'key-permissions',
  ),
  verdict(
    'MOM-PERM-001',
    'medium',
    "root's umask lets ecuser read what root writes",
    'root',
    'root writes files that ecuser cannot read (umask 0027).',
    [{ at: { file: '/root/.bashrc', line: 7 }, found: 'umask 0027', proposed: 'umask 0022' }],
    'root-umask',
  ),
];
const well = [
  ['MOM-CRT-001', 'high', 'PostgreSQL has a TLS key and certificate', 'pass', 'The pair fits and is served.'],
  ['MOM-CRT-002', 'high', 'The PostgreSQL certificate is valid', 'pass', 'Valid for 211 days.'],
  ['MOM-TLS-003', 'high', 'SSLv2 is disabled', 'pass', 'No scope offers it.'],
  [
    'MOM-LDAP-001',
    'high',
    'LDAP is used over TLS only',
    'not-applicable',
    'No LDAP data source is configured.',
  ],
  ['MOM-SOL-001', 'medium', 'The Solaris web UI fix is in place', 'not-applicable', 'This is not Solaris.'],
  ['MOM-TLS-008', 'medium', 'The cipher list has no weak cipher', 'indeterminate', ''],
].map(([control, severity, title, status, summary]) => ({
  control,
  severity,
  title,
  status,
  summary: summary || 'The cipher list could not be expanded.',
  subject: 'node',
  violations: [],
  remediation: null,
  sources: [MANUAL],
  reason:
    status === 'indeterminate'
      ? "openssl on the node does not know the cipher string 'DEFAULT@SECLEVEL=0'."
      : null,
}));

const jwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const node = (id, name, connected, seenAgo, open, version) => ({
  id,
  name,
  group: 'production',
  connected,
  lastSeenAt: ago(seenAgo),
  enrolledAt: ago(40 * 86400),
  agentVersion: '0.1.0',
  certificateNotAfter: ago(-320 * 86400),
  publicJwk: jwk,
  open,
  description: {
    name,
    roles: ['mta', 'manager', 'database', 'web'],
    os: 'Red Hat Enterprise Linux 6.10',
    momentum: { version, from: 'console' },
    tls: { library: 'openssl', version: '1.0.1e' },
  },
  watchers: [
    { name: 'conf', provenAt: ago(20) },
    { name: 'keys', provenAt: ago(24) },
    { name: 'root-home', provenAt: connected ? ago(31) : null },
  ],
  spool: { records: connected ? 0 : 12, bytes: connected ? 0 : 18_432, droppedTotal: 0 },
  retiredAt: null,
  revoked: false,
});
const none = { critical: 0, high: 0, medium: 0, low: 0 };
export const nodes = [
  node('nod_1', 'mta1.example.com', true, 4, { critical: 1, high: 4, medium: 1, low: 0 }, '3.6.6'),
  node('nod_2', 'mta2.example.com', true, 9, none, '3.6.6'),
  node('nod_3', 'manager.example.com', false, 7_300, { ...none, low: 1 }, '3.5.2'),
];
export const nodeDetails = new Map(
  nodes.map((n, i) => [
    n.id,
    {
      ...n,
      verdicts: (i === 0 ? [...faults, ...well] : well).map((v, j) => ({ ...v, since: ago(600 * (j + 1)) })),
    },
  ]),
);

export const findings = faults.map((v, i) => ({
  id: `fnd_${i + 1}`,
  node: { id: 'nod_1', name: 'mta1.example.com' },
  control: v.control,
  subject: v.subject,
  title: v.title,
  severity: v.severity,
  state: i === 4 ? 'acknowledged' : 'open',
  acknowledgement: i === 4 ? { by: 'user:olga', at: ago(500), until: null, note: 'I have it' } : null,
  summary: v.summary,
  verdict: v,
  openedAt: ago(300 * (i + 1)),
  updatedAt: ago(120 * (i + 1)),
  resolvedAt: null,
  alertId: `alr_${i + 1}`,
  waiver: null,
  silenceId: null,
  inhibitedBy: null,
  silence: null,
  inhibition: null,
  ofGroup: null,
  resolution: null,
  remediation: v.remediation,
  stale: false,
}));
findings.push(
  {
    ...findings[5],
    id: 'fnd_9',
    node: { id: 'grp_production', name: 'Group production' },
    subject: 'production',
    control: 'MOM-CRED-002',
    title: 'Securecreds enabled on every node',
    summary:
      '2 nodes of 3 in the group production without securecreds: manager.example.com, mta1.example.com.',
    verdict: {
      ...findings[5].verdict,
      violations: ['manager.example.com', 'mta1.example.com'].map((object) => ({
        at: { object },
        found: 'securecreds is not enabled (MOM-CRED-001)',
        proposed: 'securecreds-enable',
      })),
    },
    ofGroup: {
      nodes: [
        { id: 'nod_3', name: 'manager.example.com' },
        { id: 'nod_1', name: 'mta1.example.com' },
      ],
      remediation: 'securecreds-enable',
    },
    remediation: null,
  },
  {
    ...findings[5],
    id: 'fnd_7',
    node: { id: 'nod_3', name: 'manager.example.com' },
    severity: 'low',
    control: 'MOM-CRT-005',
    title: 'A self-signed certificate is replaced or tracked',
    summary: 'ecconfigd serves its self-signed certificate.',
    stale: true,
    remediation: null,
    openedAt: ago(90_000),
  },
  {
    ...findings[2],
    id: 'fnd_8',
    state: 'resolved',
    resolvedAt: ago(4_000),
    resolution: 'pass',
    openedAt: ago(200_000),
    node: { id: 'nod_2', name: 'mta2.example.com' },
  },
);
export const history = [
  { at: ago(900), from: null, to: 'open', why: 'first seen' },
  { at: ago(500), from: 'open', to: 'acknowledged', why: 'by user:olga: I have it' },
];
export const control = (id) => ({
  id,
  slug: 'x',
  title: id,
  severity: 'high',
  subject: 'node',
  remediation: null,
  sources: [MANUAL],
  params: {},
  doc: '## What an attacker gains\nSSLv3 lets somebody on the path read a session cookie or an `AUTH PLAIN` password byte by byte (**POODLE**, [CVE-2014-3566](https://www.cve.org/CVERecord?id=CVE-2014-3566)).\n\n## How it is judged\n- The value that decides in each scope is worked out as Momentum does, from the innermost scope outwards.\n- `+ALL` or nothing at all means that SSLv3 is on.\n\n## How it is fixed\n\n```\nTLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n```\n\nA reload is enough; connections that are open keep what they have.',
});
export const remediations = [
  {
    slug: 'tls-protocols',
    title: 'Switch off SSLv2 and SSLv3',
    fixes: ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'],
    risk: 'Peers that speak nothing newer than SSLv3 lose TLS with this node.',
    params: {
      scope: { kind: 'text', required: false, default: 'every failing scope', text: 'Only this scope.' },
    },
  },
  {
    slug: 'certificate-renew',
    title: 'Renew a self-signed service certificate',
    fixes: ['MOM-CRT-002', 'MOM-CRT-004', 'MOM-CRT-006'],
    risk: 'The service is restarted; clients that pinned the old certificate must be told.',
    params: {
      service: {
        kind: 'text',
        required: true,
        text: 'Whose certificate.',
        oneOf: ['ecconfigd', 'webui', 'msyspg'],
      },
      days: { kind: 'number', required: true, default: '365', text: 'How many days it is valid.' },
    },
  },
  {
    slug: 'securecreds-enable',
    title: 'Move passwords into securecreds',
    fixes: ['MOM-CRED-001', 'MOM-CRED-006'],
    risk: 'A wrong password cuts Momentum off from its database until it is put right; the run verifies a log-in first.',
    params: {
      password: { kind: 'secret', required: true, text: "The database user's password." },
      rotate: { kind: 'boolean', required: false, default: 'false', text: 'Also make a new key.' },
    },
  },
  {
    slug: 'config-permissions',
    title: 'Make the configuration readable by ecuser',
    fixes: ['MOM-PERM-002', 'MOM-PERM-003'],
    risk: 'None known.',
    params: {},
  },
  {
    slug: 'key-permissions',
    title: 'Close private keys to everybody else',
    fixes: ['MOM-CRT-009'],
    risk: 'A tool that read the key without right to it no longer can.',
    params: {},
  },
  {
    slug: 'root-umask',
    title: "Set root's umask to 0022",
    fixes: ['MOM-PERM-001'],
    risk: 'Files that root makes are readable by others unless made otherwise.',
    params: {},
  },
];
const digest = `sha256:${'4f0c'.repeat(16)}`;
export const plan = {
  id: 'pln_1',
  node: { id: 'nod_1', name: 'mta1.example.com' },
  remediation: 'tls-protocols',
  state: 'ready',
  error: null,
  requestedBy: 'user:olga',
  twoPersons: false,
  requestedAt: ago(70),
  expiresAt: ago(-800),
  runId: null,
  plan: {
    schema: 'castellan.plan/1',
    remediation: 'tls-protocols',
    title: 'Switch off SSLv2 and SSLv3',
    fixes: ['MOM-TLS-001'],
    params: { password: { given: true } },
    changes: [
      {
        kind: 'file',
        target: `${CONF}/default/ecelerity.conf`,
        summary: 'TLS_Protocols is set for the whole node and for the binding bindingTLS.',
        before: digest,
        after: digest,
        diff: `--- ${CONF}/default/ecelerity.conf\n+++ ${CONF}/default/ecelerity.conf\n@@ -3,6 +3,7 @@\n Security {\n   user = "ecuser"\n }\n+TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n ESMTP_Listener {\n   Listen ":25" {\n     TLS_Certificate = "/opt/msys/ecelerity/etc/conf/default/server.crt"\n@@ -38,7 +39,7 @@\n Binding "bindingTLS" {\n   Bind_Address = "192.0.2.10"\n   TLS = "ifavailable"\n-  TLS_Protocols = "+ALL"\n+  TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n   Datasource "ecdb" {\n     uri = "pgsql:host=db1.example.com;user=ecuser;password=••••••"\n   }\n`,
      },
      {
        kind: 'access',
        target: '/opt/msys/ecwebui/config/site/server.key',
        summary: 'Only root may read the key.',
        before: 'root:root 0644',
        after: 'root:root 0600',
      },
      { kind: 'service', target: 'ecelerity', summary: 'config reload', before: null, after: null },
    ],
    effects: ['ecelerity reloads its configuration; no connection is dropped.'],
    risk: 'Peers that speak nothing newer than SSLv3 lose TLS with this node.',
    verification: [
      'Every listener refuses an SSLv3 handshake.',
      'config eval names the new value in every scope.',
      'MOM-TLS-001 passes on a fresh scan.',
    ],
    notes: ['The binding "legacy" sets no value and inherits the new one.'],
    digest,
  },
};
const event = (index, state, line, error) => ({
  runId: 'run_1',
  index,
  at: ago(60 - index * 3),
  state,
  line,
  ...(error ? { error } : {}),
});
export const runs = [
  {
    id: 'run_1',
    node: plan.node,
    remediation: 'tls-protocols',
    state: 'verifying',
    planId: 'pln_1',
    approvedBy: 'user:olga',
    approvedAt: ago(62),
    finishedAt: null,
    error: null,
    events: [
      event(1, 'applying', 'Locked; the plan made again has the approved digest.'),
      event(2, 'applying', `Backed up ${CONF}/default/ecelerity.conf.`),
      event(3, 'applying', 'Replaced 1 file, owner and mode kept.'),
      event(4, 'applying', 'validate_config: Configuration valid.'),
      event(5, 'applying', 'config reload: done.'),
      event(6, 'verifying', 'Listener 192.0.2.10:25 refuses SSLv3.'),
    ],
  },
  {
    id: 'run_2',
    node: plan.node,
    remediation: 'certificate-renew',
    state: 'rolledBack',
    planId: 'pln_2',
    approvedBy: 'user:olga',
    approvedAt: ago(4_000),
    finishedAt: ago(3_970),
    error: 'CAS_RUN_NOT_VERIFIED',
    events: [
      event(1, 'applying', 'Replaced the key and the certificate together.'),
      event(2, 'verifying', 'Port 2027 still serves the old certificate.', 'CAS_RUN_NOT_VERIFIED'),
      event(3, 'rollingBack', 'Put back the key and the certificate.'),
      event(4, 'rolledBack', 'Port 2027 serves what it served before.'),
    ],
  },
  {
    id: 'run_3',
    node: { id: 'nod_2', name: 'mta2.example.com' },
    remediation: 'root-umask',
    state: 'done',
    planId: 'pln_3',
    approvedBy: 'user:per',
    approvedAt: ago(90_000),
    finishedAt: ago(89_990),
    error: null,
    events: [],
  },
];
/** The server's own, as it was built: their forms are what is looked at. */
export const channels = CHANNEL_MODULES.map(({ kind, title, settings, secrets, newSecrets }) => ({
  kind,
  title,
  settings,
  secrets,
  makesSecrets: newSecrets !== undefined,
}));
export const previewOf = ({ kind, settings }) => ({
  text: CHANNEL_MODULES.find((channel) => channel.kind === kind).preview(
    exampleMessage('https://castellan.example.com', Date.now()),
    settings,
  ),
});
export const targets = [
  {
    id: 'tgt_1',
    name: 'On-call pager',
    kind: 'webhook',
    settings: { url: 'https://pager.example.com/hook/castellan' },
    enabled: true,
    secretSet: true,
    severityMin: 'high',
    remindAfterMs: 14_400_000,
    fallbackId: 'tgt_2',
    isFallback: false,
    health: {
      state: 'healthy',
      lastSuccessAt: ago(200),
      failingSince: null,
      lastProblem: null,
      pending: 0,
      dead: 0,
    },
  },
  {
    id: 'tgt_2',
    name: 'Mail to the team',
    kind: 'email',
    settings: {
      host: 'mail.example.com',
      port: 587,
      tls: 'starttls',
      user: 'castellan',
      from: 'castellan@example.com',
      to: ['oncall@example.com', 'postmaster@example.com'],
    },
    enabled: true,
    secretSet: true,
    severityMin: 'low',
    remindAfterMs: null,
    fallbackId: null,
    isFallback: true,
    health: {
      state: 'failing',
      lastSuccessAt: ago(90_000),
      failingSince: ago(3_000),
      lastProblem: 'the mail server answered 451 to RCPT TO',
      pending: 2,
      dead: 1,
    },
  },
];
const delivery = (id, type, state, attempts, lastStatus, lastProblem) => ({
  id,
  target: { id: 'tgt_2', name: targets[1].name },
  alert: { id: 'alr_1', title: findings[0].title },
  findingId: 'fnd_1',
  type,
  reason: type.replace(/^alert\.(firing)?/, '') || 'opened',
  state,
  attempts,
  createdAt: ago(3_000),
  nextAt: state === 'pending' ? ago(-90) : null,
  deliveredAt: state === 'delivered' ? ago(2_999) : null,
  lastStatus,
  lastMs: lastStatus ? 142 : null,
  lastProblem,
});
export const deliveries = [
  delivery('dlv_1', 'alert.firing', 'pending', 3, 503, 'HTTP 503 Service Unavailable'),
  delivery('dlv_2', 'alert.firing', 'dead', 12, null, 'connect ECONNREFUSED 192.0.2.44:443'),
  delivery('dlv_3', 'alert.resolved', 'delivered', 1, 204, null),
];
const told = (target, last, next, storm = null) => ({
  target: { id: target.id, name: target.name, kind: target.kind },
  last: last && { state: last, severity: 'critical', findings: 12, at: ago(3_000) },
  storm,
  next,
});
const STORM = { id: 'alr_storm', title: 'Many alerts at once' };
const alertOf = (finding, i) => ({
  id: `alr_${i + 1}`,
  isStorm: false,
  control: finding.control,
  group: 'mta',
  title: finding.title,
  severity: finding.severity,
  state: finding.state === 'acknowledged' ? 'acknowledged' : 'open',
  counts:
    finding.state === 'acknowledged'
      ? { open: 0, acknowledged: 1, held: 0 }
      : { open: i === 0 ? 198 : 1, acknowledged: i === 0 ? 2 : 0, held: 0 },
  nodes: i === 0 ? 150 : 1,
  node: i === 0 ? null : finding.node,
  people: finding.state === 'acknowledged' || i === 0 ? ['user:olga'] : [],
  openedAt: finding.openedAt,
  lastOpenedAt: finding.openedAt,
  changedAt: finding.updatedAt,
  endedAt: null,
  openings: i === 0 ? 2 : 1,
  acknowledgements:
    i === 0
      ? [{ by: 'user:olga', note: 'the two in the lab', at: ago(500), until: ago(-5_000), findings: 2 }]
      : [],
  alerts: [],
  told: [
    told(targets[0], 'firing', { at: ago(-600), words: 'its growth is told at 2026-11-28 10:15:00 UTC' }),
    told(targets[1], null, {
      at: ago(-90),
      words: 'a message did not arrive, and is sent again at 2026-11-28 10:15:00 UTC',
    }),
    told(
      { id: 'tgt_3', name: 'the status page', kind: 'webhook' },
      'firing',
      { at: null, words: 'nothing more: it is as it was last notified' },
      STORM,
    ),
  ],
});
export const alerts = findings.slice(0, 6).map(alertOf);
alerts.push({
  ...alerts[1],
  ...STORM,
  isStorm: true,
  control: 'CAS-ALERT-001',
  group: '',
  nodes: 0,
  node: null,
  counts: { open: 2, acknowledged: 0, held: 0 },
  alerts: alerts.slice(1, 3),
});
export const users = [
  {
    id: 'usr_1',
    name: 'olga',
    role: 'admin',
    enabled: true,
    createdAt: ago(9_000_000),
    lastSignInAt: ago(900),
    sessions: 2,
  },
  {
    id: 'usr_2',
    name: 'otto',
    role: 'operator',
    enabled: false,
    createdAt: ago(8_000_000),
    lastSignInAt: null,
    sessions: 0,
  },
];
export const sessions = [
  { id: 'ses_1', createdAt: ago(900), expiresAt: ago(-42_300), address: '192.0.2.7', isThisOne: true },
  { id: 'ses_2', createdAt: ago(9_000), expiresAt: ago(-34_200), address: '192.0.2.8', isThisOne: false },
];
export const tokens = [
  {
    id: 'tok_1',
    group: 'production',
    nodeName: null,
    state: 'good',
    usesTotal: 3,
    usesLeft: 2,
    createdAt: ago(900),
    createdBy: 'user:olga',
    expiresAt: ago(-2_700),
  },
];
export const overview = () => {
  const open = findings.filter((f) => f.state !== 'resolved');
  const bySeverity = { ...none };
  for (const f of open) bySeverity[f.severity] += 1;
  return {
    nodes: { total: 3, connected: 2, silent: 1 },
    findings: { open: open.length, stale: 1, bySeverity },
    deliveries: { pending: 2, dead: 1, oldestPendingAt: ago(3_000) },
  };
};
export const audit = [
  {
    seq: 2,
    at: ago(120),
    actor: 'user:olga',
    action: 'finding.acknowledge',
    object: 'fnd_5',
    outcome: 'ok',
    detail: { comment: 'I have it' },
    hash: 'f'.repeat(64),
  },
  {
    seq: 1,
    at: ago(300),
    actor: 'node:nod_1',
    action: 'run.rolledBack',
    object: 'run_1',
    outcome: 'failed',
    detail: { remediation: 'tls-protocols', code: 'CAS_VERIFY_FAILED' },
    hash: 'e'.repeat(64),
  },
];
