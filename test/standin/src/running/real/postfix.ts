import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRunning } from '../console-config.js';
import { pidFile, waitUntil } from '../service-processes.js';
import { esmtpEndpoint } from '../service-settings.js';
import { type StandinNode, statePath } from '../standin-node.js';
import { hostPath } from '../tree-paths.js';
import { hostUser } from './host-user.js';
import { runToEnd } from './run-to-end.js';

const START_MS = 20_000;
/** What a probe finds in Postfix's own defaults is not what the stand-in's configuration says: anonymous DH of 1024 bits, TLS 1.0. */
const AS_CONFIGURED = `smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_exclude_ciphers = aNULL, eNULL, RC4, 3DES, MD5`;

/** Debian's Postfix in the place of the ESMTP listener: takes no mail, and shows the certificate of the running configuration. */
export async function startPostfix(node: StandinNode): Promise<string | null> {
  writePostfixSettings(node);
  const { code, output } = await runToEnd('/usr/sbin/postfix', ['-c', statePath(node, 'postfix'), 'start']);
  if (code !== 0) return output || readFileSync(statePath(node, 'postfix.log'), 'utf8');
  const pid = () => masterPid(node);
  if (!(await waitUntil(() => pid() !== null, START_MS))) return 'Postfix did not start';
  writeFileSync(pidFile(node, 'ecelerity'), `${pid()}\n`);
  return null;
}

function masterPid(node: StandinNode): number | null {
  try {
    return Number(readFileSync(statePath(node, 'postfix-queue/pid/master.pid'), 'utf8').trim());
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Written anew at each reload: the certificate may be another one. */
export function writePostfixSettings(node: StandinNode): void {
  const { host, port, certificate, key } = esmtpEndpoint(loadRunning(node));
  const folder = statePath(node, 'postfix');
  mkdirSync(folder, { recursive: true });
  for (const name of ['postfix-queue', 'postfix-data']) mkdirSync(statePath(node, name), { recursive: true });
  // Its master locks a file here as its own user.
  const { uid, gid } = hostUser('postfix');
  chownSync(statePath(node, 'postfix-data'), uid, gid);
  const tls =
    certificate === null || key === null
      ? 'smtpd_tls_security_level = none'
      : `${AS_CONFIGURED}\nsmtpd_tls_cert_file = ${hostPath(node.root, certificate)}\nsmtpd_tls_key_file = ${hostPath(node.root, key)}`;
  writeFileSync(join(folder, 'main.cf'), mainCf(node, host, tls));
  writeFileSync(join(folder, 'master.cf'), masterCf(host, port));
}

function mainCf(node: StandinNode, host: string, tls: string): string {
  return `compatibility_level = 3.6
queue_directory = ${statePath(node, 'postfix-queue')}
data_directory = ${statePath(node, 'postfix-data')}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = ${node.settings.name}
mydestination =
inet_interfaces = ${host === '0.0.0.0' ? 'all' : host}
inet_protocols = ipv4
smtpd_banner = $myhostname ESMTP stand-in (not Momentum)
smtpd_relay_restrictions = reject
smtpd_recipient_restrictions = reject
maillog_file = ${statePath(node, 'postfix.log')}
maillog_file_prefixes = /
alias_maps =
${tls}
`;
}

function masterCf(host: string, port: number): string {
  return `${host}:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
