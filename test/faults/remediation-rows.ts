import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { groupPem } from '../../packages/agent/src/remediations/dhe-enable/parameters.js';
import {
  APACHE,
  CONF,
  type DoubleNode,
  ECDB,
  ECUSER,
  type NodeFile,
  PASSWORD,
  STORE,
  UNREADABLE,
} from './double-node.js';

export interface Row {
  readonly slug: string;
  /** In words, where a remediation is here more than once. */
  readonly where?: string;
  readonly isVersioned?: boolean;
  readonly more?: readonly NodeFile[];
  readonly params: Readonly<Record<string, string>>;
  /** The paths that may differ afterwards, and must. */
  readonly changes: readonly string[];
  /** What is so when it worked. */
  isAfter(node: DoubleNode): boolean;
}

const BASHRC = '/root/.profile';
const DROP_IN = '/etc/systemd/system/ecelerity.service.d/zz-castellan-umask.conf';

/** Of each sequence of kinds of step, one: everything that can go wrong does, at every effect. */
export const ROWS: readonly Row[] = [
  {
    slug: 'certificate-renew',
    params: { service: 'ecconfigd' },
    changes: [`${APACHE}/server.crt`, `${APACHE}/server.key`],
    isAfter: (node) =>
      Date.parse(new X509Certificate(node.text(`${APACHE}/server.crt`)).validTo) > Date.now(),
  },
  {
    slug: 'permissions-repair',
    params: {},
    changes: [UNREADABLE],
    isAfter: (node) => node.snapshot()[UNREADABLE]?.includes(' 100640 ') === true,
  },
  {
    slug: 'tls-protocols',
    params: {},
    changes: [CONF],
    isAfter: (node) => node.text(CONF).match(/\+ALL:-SSLv2:-SSLv3/g)?.length === 2,
  },
  {
    slug: 'tls-protocols',
    where: ', committed',
    isVersioned: true,
    params: {},
    changes: [CONF],
    isAfter: (node) =>
      node.text(CONF).match(/\+ALL:-SSLv2:-SSLv3/g)?.length === 2 &&
      /^castellan: tls-protocols \(.*\), run run-1$/.test(node.commits.join('\n')),
  },
  {
    slug: 'umask-repair',
    more: [
      { path: BASHRC, content: 'umask 0027\n', mode: 0o644 },
      { path: '/usr/lib/systemd/system/ecelerity.service', content: '[Service]\nUMask=0077\n', mode: 0o644 },
      { path: '/etc/systemd/system/default.target', content: '', mode: 0o644 },
      { path: '/usr/bin/systemctl', content: '', mode: 0o755 },
    ],
    params: {},
    changes: [BASHRC, DROP_IN.slice(0, DROP_IN.lastIndexOf('/')), DROP_IN],
    isAfter: (node) => node.text(BASHRC) === 'umask 0022\n' && node.text(DROP_IN).includes('UMask=0022'),
  },
  {
    slug: 'securecreds-enable',
    params: { password: PASSWORD, part: 'all' },
    changes: [CONF, `${STORE}.db`, `${STORE}.key`, ECDB],
    isAfter: (node) =>
      node.text(CONF).includes('securecreds {') &&
      !node.text(ECDB).includes('password=') &&
      node.text(`${STORE}.db`).split('\n').length === 7,
  },
];

const OPEN_KEY = '/opt/msys/ecelerity/etc/certs/mta.key';
const LDAP_CONF = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const DKIM_KEY = '/opt/msys/ecelerity/etc/dkim/s1.key';
const DH_PARAMETERS = '/opt/msys/ecelerity/etc/dhparams.pem';
/** An init script of ecconfigd that knows httpd's own word. */
export const RELOADS: NodeFile = {
  path: '/etc/init.d/ecconfigd',
  content: '#!/bin/sh\ncase "$1" in\n  start|stop|restart|status) ;;\n  graceful) ;;\nesac\n',
  mode: 0o755,
};
const key = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const configured = (content: string): NodeFile => ({ path: CONF, content, uid: ECUSER, mode: 0o644 });
const isClosed = (node: DoubleNode, path: string): boolean =>
  node.snapshot()[path]?.includes(' 100640 ') === true;

/** Their kinds of step are those of a row above: carried out, and once more, but not broken off at every effect. */
export const OTHER_ROWS: readonly Row[] = [
  {
    slug: 'certificate-renew',
    where: ', without a restart',
    more: [RELOADS],
    params: { service: 'ecconfigd' },
    changes: [`${APACHE}/server.crt`, `${APACHE}/server.key`],
    isAfter: (node) =>
      Date.parse(new X509Certificate(node.text(`${APACHE}/server.crt`)).validTo) > Date.now(),
  },
  {
    slug: 'key-permissions',
    more: [
      configured(`TLS_Key = "${OPEN_KEY}"\n`),
      { path: OPEN_KEY, content: key(), uid: ECUSER, mode: 0o644 },
    ],
    params: {},
    changes: [OPEN_KEY],
    isAfter: (node) => isClosed(node, OPEN_KEY),
  },
  {
    slug: 'dkim-key-permissions',
    more: [
      configured(`opendkim "o" {\n  key = "${DKIM_KEY}"\n}\n`),
      { path: DKIM_KEY, content: key(), uid: ECUSER, mode: 0o644 },
    ],
    params: {},
    changes: [DKIM_KEY],
    isAfter: (node) => isClosed(node, DKIM_KEY),
  },
  {
    slug: 'ldap-strict',
    more: [
      configured('Datasource "ad" {\n  uri = ( "ldap://ad.example.com" )\n  no_cache = "true"\n}\n'),
      { path: LDAP_CONF, content: 'TLS_REQCERT never\nTLS_CACERT /etc/ca.pem\n', mode: 0o644 },
      { path: '/etc/ca.pem', content: '-----BEGIN CERTIFICATE-----\n', mode: 0o644 },
    ],
    params: {},
    changes: [CONF, LDAP_CONF],
    isAfter: (node) =>
      node.text(CONF).includes('ldaps://ad.example.com/????x-ldap-version=3') &&
      node.text(LDAP_CONF).startsWith('TLS_REQCERT demand'),
  },
  {
    slug: 'control-listener',
    more: [
      configured('Control_Listener {\n  Listen ":2025" { }\n  Listen "/tmp/2025" { File_Mode = 0666 }\n}\n'),
    ],
    params: {},
    changes: [CONF],
    isAfter: (node) => /"127.0.0.1:2025".*\n.*0660/.test(node.text(CONF)),
  },
  {
    slug: 'tls-ciphers',
    more: [configured('TLS = "ifavailable"\nTLS_Ciphers = "HIGH:RC4-SHA"\n')],
    params: {},
    changes: [CONF],
    isAfter: (node) => !/RC4-SHA"$/m.test(node.text(CONF)),
  },
  {
    slug: 'dhe-enable',
    more: [
      configured(
        `TLS = "ifavailable"\nTLS_Enable_DHE_Ciphers = false\nTLS_DHParams_File = "${DH_PARAMETERS}"\n`,
      ),
      { path: DH_PARAMETERS, content: '-----BEGIN DH PARAMETERS-----\n', uid: ECUSER, mode: 0o644 },
    ],
    params: {},
    changes: [CONF, DH_PARAMETERS],
    isAfter: (node) =>
      /TLS_Enable_DHE_Ciphers = true/.test(node.text(CONF)) &&
      node.text(DH_PARAMETERS) === groupPem('ffdhe2048'),
  },
];

export type Snapshot = Readonly<Record<string, string>>;

/** `before` or `after`; anything else is what must never be. */
export function placeOf(row: Row, node: DoubleNode, before: Snapshot): string {
  const now = node.snapshot();
  const differs = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((path) => before[path] !== now[path])
    .sort();
  if (!node.isCoherent()) return `what runs is not what stands on the disk; differs: ${differs.join(', ')}`;
  if (differs.length === 0) return 'before';
  return JSON.stringify(differs) === JSON.stringify([...row.changes].sort()) && row.isAfter(node)
    ? 'after'
    : `between: ${differs.join(', ')}`;
}
