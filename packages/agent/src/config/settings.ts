/** The agent's settings, complete. Times in milliseconds; paths are the host's. */
export interface Settings {
  /** The node's tree; `/` on a node. */
  readonly root: string;
  /** The tree at `root` is a running node: its programs may be run, its listeners inspected. `/` always is. */
  readonly live: boolean;
  /** Listeners may be inspected. */
  readonly probe: boolean;
  /** The state folder: identity, spool, journal, backups. */
  readonly state: string;
  readonly name: string | null;
  readonly assumeMomentum: string | null;
  /** Overrides where the server said it is reached, wss://host:port/agent. */
  readonly server: string | null;
  /** A policy file, or null. */
  readonly policy: string | null;
  readonly rescanMs: number;
  readonly quietMs: number;
  /** Remediations that the server may have carried out here. Empty: none. */
  readonly allow: readonly string[];
  /** While this file exists nothing is ever changed on this node. */
  readonly auditOnlyFile: string;
  readonly logLevel: string;
  /** Who may be asked for certificates: certificate-renew, issuers acme and command. */
  readonly acmeDirectory: string | null;
  readonly acmeAuthorities: string | null;
  readonly acmeContact: string | null;
  readonly acmeWebroot: string | null;
  readonly acmeDnsCommand: string | null;
  readonly issuerCommand: string | null;
}

export type SettingKind = 'text' | 'path' | 'boolean' | 'ms' | 's' | 'list' | 'level';

export interface SettingRow {
  readonly member: keyof Settings;
  readonly kind: SettingKind;
  readonly fallback: Settings[keyof Settings];
  readonly text: string;
  readonly min?: number;
  readonly max?: number;
}

/** By the name in the settings file; the environment variable is CASTELLAN_ and the name in capitals. */
export const SETTINGS: Readonly<Record<string, SettingRow>> = {
  root: { member: 'root', kind: 'path', fallback: '/', text: "the node's tree" },
  live: { member: 'live', kind: 'boolean', fallback: false, text: 'the tree at root is a running node' },
  probe: {
    member: 'probe',
    kind: 'boolean',
    fallback: true,
    text: "the node's own listeners may be inspected",
  },
  state: { member: 'state', kind: 'path', fallback: '/var/lib/castellan', text: 'the state folder' },
  name: { member: 'name', kind: 'text', fallback: null, text: "the node's name; unset: the host's" },
  assumeMomentum: {
    member: 'assumeMomentum',
    kind: 'text',
    fallback: null,
    text: 'the Momentum version where nothing tells it',
  },
  server: {
    member: 'server',
    kind: 'text',
    fallback: null,
    text: 'where the server is reached; unset: as it said at enrolment',
  },
  policy: { member: 'policy', kind: 'path', fallback: null, text: 'a policy file' },
  rescanMs: {
    member: 'rescanMs',
    kind: 'ms',
    fallback: 300_000,
    min: 1000,
    max: 86_400_000,
    text: 'between two full scans',
  },
  quietMs: {
    member: 'quietMs',
    kind: 'ms',
    fallback: 150,
    min: 10,
    max: 2000,
    text: 'quiet after a change before it is inspected',
  },
  allow: {
    member: 'allow',
    kind: 'list',
    fallback: [],
    text: 'remediations that the server may have carried out here',
  },
  auditOnlyFile: {
    member: 'auditOnlyFile',
    kind: 'path',
    fallback: '/etc/castellan/audit-only',
    text: 'while it exists, nothing is changed',
  },
  'log.level': { member: 'logLevel', kind: 'level', fallback: 'info', text: 'error, warn, info or debug' },
  'issuers.acme.directory': {
    member: 'acmeDirectory',
    kind: 'text',
    fallback: null,
    text: 'https:// address of an ACME server (RFC 8555); unset: none is asked',
  },
  'issuers.acme.authorities': {
    member: 'acmeAuthorities',
    kind: 'path',
    fallback: null,
    text: "PEM file of who vouches for that server; unset: the system's authorities",
  },
  'issuers.acme.contact': {
    member: 'acmeContact',
    kind: 'text',
    fallback: null,
    text: 'e-mail address that the ACME server is given',
  },
  'issuers.acme.webroot': {
    member: 'acmeWebroot',
    kind: 'path',
    fallback: null,
    text: "folder that is served at port 80 of the service's name (HTTP-01)",
  },
  'issuers.acme.dnsCommand': {
    member: 'acmeDnsCommand',
    kind: 'path',
    fallback: null,
    text: 'program that is called with add or remove, a name and a value (DNS-01); goes before webroot',
  },
  'issuers.command': {
    member: 'issuerCommand',
    kind: 'path',
    fallback: null,
    text: 'program that gets a request on stdin and prints a certificate with its chain',
  },
};

/** Who may be asked for certificates, as the settings say. */
export function issuingOf(settings: Settings) {
  const { acmeDirectory, acmeAuthorities, acmeContact, acmeWebroot, acmeDnsCommand } = settings;
  return {
    acme:
      acmeDirectory === null
        ? null
        : {
            directory: acmeDirectory,
            authorities: acmeAuthorities,
            contact: acmeContact,
            webroot: acmeWebroot,
            dnsCommand: acmeDnsCommand,
          },
    command: settings.issuerCommand,
  };
}

export const LEVELS: readonly string[] = ['error', 'warn', 'info', 'debug'];

/** CASTELLAN_RESCAN_MS for rescanMs, CASTELLAN_LOG_LEVEL for log.level. */
export function environmentName(setting: string): string {
  return `CASTELLAN_${setting
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
