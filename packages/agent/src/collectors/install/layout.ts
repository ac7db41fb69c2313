import type { Role } from '@castellan/shared/model/node';
import type { FileReader } from '../../ports/files.js';

interface Evidence {
  readonly role: Role;
  readonly because: string;
}

/** Folders of which a node with any part of Momentum has at least one. */
export const LANDMARKS = [
  '/opt/msys/ecelerity',
  '/opt/msys/ecwebui',
  '/opt/msys/app',
  '/var/db/msyspg',
  '/var/ecconfigd',
] as const;

/** What starts an MTA, and a cluster manager. */
const STARTS: readonly string[] = ['/etc/init.d/ecelerity', '/etc/init.d/eccmgr'];

/**
 * Each role, and the paths that show it. Manual 3.x, install.linux names the roles, executable.ec_ctl what a manager
 * lacks; 4.x, roles_behaviors. ASSUMED: a row's `all` are on such a node, and none of its `none`; the manual lists no files.
 */
const SIGNS: readonly {
  readonly role: Role;
  readonly all: readonly string[];
  readonly none?: readonly string[];
}[] = [
  { role: 'mta', all: ['/etc/init.d/ecelerity'] },
  { role: 'mta', all: ['/opt/msys/ecelerity/sbin/ecelerity'], none: STARTS },
  // Every node of a cluster has the files of all: they tell only where nothing says what is started here.
  { role: 'mta', all: ['/opt/msys/ecelerity/etc/conf/default/ecelerity.conf'], none: STARTS },
  { role: 'manager', all: ['/etc/init.d/eccmgr'] },
  {
    role: 'manager',
    all: ['/opt/msys/ecelerity/etc/conf/default/eccluster.conf', '/var/ecconfigd/repo'],
    none: STARTS,
  },
  { role: 'database', all: ['/var/db/msyspg'] },
  { role: 'database', all: ['/etc/init.d/msyspg'] },
  { role: 'web', all: ['/opt/msys/ecwebui/config/httpd.conf'] },
  { role: 'web', all: ['/etc/init.d/ecwebconsole'] },
  { role: 'analytics', all: ['/opt/msys/app/webui'] },
  { role: 'analytics', all: ['/opt/vertica'] },
];

/** Only 4.x brings nginx and the Node services (Manual 4.x, install.analytics_nodes); only 3.x the PHP web UI. */
const SIGNS_OF_4 = ['/opt/msys/3rdParty/nginx', '/opt/msys/app', '/etc/init.d/msys-nginx'];
const SIGNS_OF_3 = ['/opt/msys/ecwebui', '/opt/msys/3rdParty/etc/php.d'];

export function generationOf(files: FileReader): 3 | 4 | null {
  if (SIGNS_OF_4.some((path) => files.stat(path).ok)) return 4;
  return SIGNS_OF_3.some((path) => files.stat(path).ok) ? 3 : null;
}

export function findRoles(files: FileReader): Evidence[] {
  const found: Evidence[] = [];
  for (const { role, all, none = [] } of SIGNS) {
    if (found.some((e) => e.role === role) || none.some((path) => files.stat(path).ok)) continue;
    if (all.every((path) => files.stat(path).ok)) found.push({ role, because: all.join(' and ') });
  }
  const has = (role: Role) => found.some((e) => e.role === role);
  if (has('mta') && generationOf(files) === 4)
    found.push({ role: 'platform', because: 'an MTA of Momentum 4' });
  // A single node is an MTA with database and web UI, and its own ecconfigd in a manager's place.
  if (has('mta') && has('database') && has('web') && !has('manager')) {
    found.push({ role: 'singlenode', because: 'MTA, database and web UI without a cluster manager' });
  }
  return found;
}
