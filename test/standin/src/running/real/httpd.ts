import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECCONFIGD_CONF, HTTPD_CONF } from '../../lay/texts/services.js';
import { pidFile } from '../service-processes.js';
import { type StandinNode, statePath } from '../standin-node.js';
import { runToEnd } from './run-to-end.js';

const MODULES_FOLDER = '/usr/lib/apache2/modules';
const MODULES = [
  'mpm_event',
  'authn_core',
  'authn_file',
  'authz_core',
  'authz_user',
  'auth_digest',
  'socache_shmcb',
  'ssl',
  'dir',
  'dav',
  'dav_svn',
];
const PATH_DIRECTIVES =
  /^(\s*(?:ServerRoot|DocumentRoot|ErrorLog|SSLCertificateFile|SSLCertificateKeyFile|SVNParentPath|AuthUserFile)\s+)"?([^"\n]+)"?$/gm;

export type HttpdService = 'ecconfigd' | 'ecwebconsole';

const CONF_OF: Readonly<Record<HttpdService, string>> = {
  ecconfigd: ECCONFIGD_CONF,
  ecwebconsole: HTTPD_CONF,
};

/** Debian's Apache on the tree's own httpd settings: what Momentum's Apache would read, with this host's paths. */
export function startHttpd(node: StandinNode, service: HttpdService): Promise<string | null> {
  return tellHttpd(node, service, 'start');
}

/** Apache's own word: workers end when they have answered, and the listener stays open. */
export function reloadHttpd(node: StandinNode, service: HttpdService): Promise<string | null> {
  return tellHttpd(node, service, 'graceful');
}

async function tellHttpd(
  node: StandinNode,
  service: HttpdService,
  word: 'start' | 'graceful',
): Promise<string | null> {
  const file = statePath(node, `${service}-httpd.conf`);
  writeFileSync(file, translated(node, service));
  const { code, output } = await runToEnd('/usr/sbin/apache2', ['-f', file, '-k', word]);
  return code === 0 ? null : output;
}

function translated(node: StandinNode, service: HttpdService): string {
  const { ids } = node.tree.principals;
  const own = readFileSync(join(node.root, CONF_OF[service]), 'utf8')
    .replace(PATH_DIRECTIVES, (_all, head: string, path: string) => `${head}"${join(node.root, path)}"`)
    .replace(/^PidFile .*$/m, `PidFile ${pidFile(node, service)}`)
    .replace(/^User .*$/m, `User #${ids.ecuser.uid}`)
    .replace(/^Group .*$/m, `Group #${ids.ecuser.gid}`)
    // Versions of SSL that today's Apache does not know any more.
    .replace(/^(\s*SSLProtocol) .*$/gm, '$1 all -SSLv3');
  const logs = own.includes('ErrorLog') ? '' : `ErrorLog ${statePath(node, `${service}.log`)}\n`;
  return `${MODULES.map((name) => `LoadModule ${name}_module ${MODULES_FOLDER}/mod_${name}.so`).join('\n')}\nStartServers 1\nDefaultRuntimeDir ${statePath(node, '')}\nMutex file:${statePath(node, '')}\n${logs}${own}`;
}
