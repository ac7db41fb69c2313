import type { Target } from './target.js';

/** How ssh is to be called, whatever node it is. */
export interface SshOptions {
  /** An ssh_config(5) of ours: a block a node. Null: none, neither a user's nor the system's. */
  readonly configFile: string | null;
  /** The keys of nodes that a person has compared: a key that is not there, or another, is refused. */
  readonly knownHostsFile: string;
}

/** Where they are unless somebody says otherwise. */
export const SSH_CONFIG = '/etc/castellan/beside/ssh_config';
export const KNOWN_HOSTS = '/etc/castellan/beside/known_hosts';

/** What a configuration file cannot change: ssh takes the first value that it meets. */
const ALWAYS: readonly string[] = [
  'BatchMode=yes',
  'PasswordAuthentication=no',
  'KbdInteractiveAuthentication=no',
  'StrictHostKeyChecking=yes',
  'GlobalKnownHostsFile=/dev/null',
  'UpdateHostKeys=no',
  'EscapeChar=none',
  'RequestTTY=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'PermitLocalCommand=no',
  // One session a node; a probe over a master could not tell a closed port from a refused session.
  'ControlMaster=no',
  'ControlPath=none',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
  'ConnectTimeout=10',
  'ConnectionAttempts=1',
  // Its own words at this level tell a refused key from a closed port.
  'LogLevel=INFO',
];

function common({ configFile, knownHostsFile }: SshOptions): string[] {
  return [
    '-F',
    configFile ?? 'none',
    '-T',
    ...[...ALWAYS, `UserKnownHostsFile="${knownHostsFile}"`].flatMap((option) => ['-o', option]),
  ];
}

function destination({ user, host }: Target): string[] {
  return [...(user === null ? [] : ['-l', user]), '--', host];
}

/** The one session of a look. */
export function sessionArguments(options: SshOptions, target: Target, line: string): string[] {
  return [...common(options), ...destination(target), line];
}

/** A connection to one listener of the node, as the node itself would make it. */
export function forwardArguments(
  options: SshOptions,
  target: Target,
  address: string,
  port: number,
): string[] {
  const to = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return [...common(options), '-W', to, ...destination(target)];
}

/** Of our own environment what ssh needs: keys of a person's agent may sign, and are never forwarded. */
export function sshEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { HOME, SSH_AUTH_SOCK, USER, LOGNAME } = own;
  const kept = { HOME, SSH_AUTH_SOCK, USER, LOGNAME };
  const given = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
}
