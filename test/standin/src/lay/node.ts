import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { layCredentials } from '../running/credential-store.js';
import { initDatabase } from '../running/real/postgresql.js';
import { layRepository } from '../running/real/subversion.js';
import { commitFirst } from '../running/repository.js';
import { layRepositoryUsers } from '../running/repository-users.js';
import type { StandinNode } from '../running/standin-node.js';
import { dhParametersPem, pairInItsPrime } from './certificates.js';
import { FAULTS } from './faults/index.js';
import { freePorts } from './free-ports.js';
import { layLaunchers } from './launchers.js';
import {
  type LayOptions,
  MOMENTUM_VERSION,
  NODE_FILE,
  type NodeSettings,
  type Ports,
  STATE_FOLDER,
} from './options.js';
import {
  BIN,
  CONF,
  ECDB_CONF,
  ECELERITY,
  ECELERITY_CONF,
  REPOSITORY,
  UNREADABLE_CONF,
  WEBUI_COMMON_CONF,
} from './places.js';
import { groupText, type Owner, passwdText, principalsHere } from './principals.js';
import { ecdbConf, ecelerityConf, webuiCommonConf } from './texts/ecelerity-conf.js';
import * as services from './texts/services.js';
import { laySystem } from './texts/system.js';
import { Tree } from './tree.js';

/** Of the data folder, until initdb makes a real one. */
const POSTGRESQL_RELEASE = '15';

export interface LaidNode {
  readonly dir: string;
  readonly settings: NodeSettings;
}

/** Lays the tree of a single node of Momentum 3.6.6 below `dir`, which is made. Nothing is started. */
export async function layNode(dir: string, options: LayOptions): Promise<LaidNode> {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const tree = new Tree(realpathSync(dir), principalsHere());
  const settings = await settingsOf(options);
  tree.give('/', { mode: 0o755 });
  laySystem(tree, settings.name);
  tree.file('/etc/passwd', passwdText(tree.principals));
  tree.file('/etc/group', groupText(tree.principals));
  layStandinFiles(tree, settings);
  layEcelerity(tree, settings);
  layServices(tree, settings);
  layPairs(tree, settings.name);
  layLaunchers(tree, options.reloads ?? false);
  layRepositoryUsers(tree);
  await layCredentials(tree);
  for (const name of options.faults ?? []) FAULTS[name].plant(tree, settings);
  options.plant?.(tree, settings);
  // What is wrong has been so for long: it is in the repository. Only what root made by hand is not.
  if (settings.form === 'real') await layRealParts({ root: tree.dir, settings, tree });
  else commitFirst(tree, [UNREADABLE_CONF.slice(CONF.length + 1)]);
  return { dir: tree.dir, settings };
}

async function settingsOf({
  name,
  real = false,
  ports = {},
  address = '127.0.0.1',
}: LayOptions): Promise<NodeSettings> {
  const [ecconfigd = 0, ecwebui = 0, msyspg = 0, esmtp = 0] = await freePorts(4);
  const chosen: Ports = { ecconfigd, ecwebui, msyspg, esmtp, ...ports };
  const note = 'This tree is a stand-in for tests and the demo. It is not a Momentum.';
  return {
    note,
    name,
    form: real ? 'real' : 'doubles',
    address,
    ports: chosen,
    momentumVersion: MOMENTUM_VERSION,
  };
}

async function layRealParts(node: StandinNode): Promise<void> {
  requirePassable(node.root);
  await layRepository(node);
  await initDatabase(node);
}

/** Debian's programs run as ecuser and msyspg, and what they say about a folder that bars them is hard to read. */
function requirePassable(path: string): void {
  const isDenied = process.getuid?.() === 0 && (statSync(path).mode & 0o001) === 0;
  if (isDenied)
    throw new Error(`${path}: real services run as ecuser and msyspg, who cannot pass through (chmod a+x)`);
  if (path !== '/') requirePassable(dirname(path));
}

function layStandinFiles(tree: Tree, settings: NodeSettings): void {
  tree.file('/STANDIN', `${settings.note}\n`);
  tree.file(NODE_FILE, `${JSON.stringify(settings, null, 2)}\n`);
  tree.folder(STATE_FOLDER);
}

function layEcelerity(tree: Tree, settings: NodeSettings): void {
  const ecuser = { owner: 'ecuser' } as const;
  tree.folder(ECELERITY);
  tree.folder(BIN);
  // Manual, executable.eccfg: a pull writes here and renames the folder.
  tree.folder(`${ECELERITY}/etc`, ecuser);
  for (const folder of [CONF, `${CONF}/global`, `${CONF}/default`]) tree.folder(folder, ecuser);
  tree.file(ECELERITY_CONF, ecelerityConf(settings), ecuser);
  tree.file(WEBUI_COMMON_CONF, webuiCommonConf(), ecuser);
  tree.folder('/opt/msys/etc/installer/ecelerity.d');
  tree.file(ECDB_CONF, ecdbConf(settings), { owner: 'root', group: 'ecuser', mode: 0o640 });
  tree.file('/opt/msys/3rdParty/etc/openldap/ldap.conf', services.ldapConf());
  tree.file(`${ECELERITY}/etc/certs/dh2048.pem`, dhParametersPem());
  // Manual, executable.eccfg: what cron does on every node.
  tree.file('/etc/cron.d/msys-ecelerity', services.ecelerityCron());
  for (const folder of ['/var/log/ecelerity', '/var/spool/ecelerity'])
    tree.folder(folder, { ...ecuser, mode: 0o750 });
}

function layServices(tree: Tree, settings: NodeSettings): void {
  tree.file(services.ECCONFIGD_CONF, services.ecconfigdConf(settings), { owner: 'ecuser' });
  tree.folder('/var/ecconfigd/apache', { owner: 'ecuser', mode: 0o750 });
  tree.folder(REPOSITORY, { owner: 'ecuser', mode: 0o750 });
  tree.file(services.HTTPD_CONF, services.httpdConf(settings), { owner: 'ecuser' });
  tree.folder('/opt/msys/ecwebui/htdocs');
  tree.file(
    '/opt/msys/ecwebui/htdocs/index.html',
    `<!doctype html><title>${settings.name}</title><p>${settings.note}\n`,
  );
  // PostgreSQL refuses a data folder that others may enter.
  tree.folder('/var/db/msyspg', { owner: 'msyspg', mode: 0o700 });
  tree.file(services.POSTGRESQL_CONF, services.postgresqlConf(settings), { owner: 'msyspg', mode: 0o600 });
  tree.file('/var/db/msyspg/PG_VERSION', `${POSTGRESQL_RELEASE}\n`, { owner: 'msyspg', mode: 0o600 });
  tree.file('/var/db/msyspg/pg_hba.conf', services.pgHbaConf(), { owner: 'msyspg', mode: 0o600 });
}

const PAIRS: readonly { readonly path: string; readonly owner: Owner }[] = [
  { path: services.ECCONFIGD_PAIR, owner: 'ecuser' },
  { path: services.ECWEBUI_PAIR, owner: 'ecuser' },
  { path: services.MSYSPG_PAIR, owner: 'msyspg' },
  { path: services.ESMTP_PAIR, owner: 'ecuser' },
];

function layPairs(tree: Tree, hostname: string): void {
  for (const { path, owner } of PAIRS) {
    const pair = pairInItsPrime(hostname, new Date());
    tree.file(`${path}.key`, pair.keyPem, { owner, mode: 0o600 });
    tree.file(`${path}.crt`, pair.certificatePem, { owner, mode: 0o644 });
    if (path === services.ESMTP_PAIR) tree.file(`${ECELERITY}/etc/certs/ca.pem`, pair.certificatePem);
  }
}
