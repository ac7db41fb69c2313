import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Ids } from '../../lay/principals.js';
import { SERVICE_PASSWORD } from '../../lay/texts/ecelerity-conf.js';
import { pidFile, waitUntil } from '../service-processes.js';
import { type StandinNode, statePath } from '../standin-node.js';
import { hostUser } from './host-user.js';
import { runToEnd } from './run-to-end.js';

const DATA = '/var/db/msyspg';
const VERSIONS = '/usr/lib/postgresql';
const START_MS = 20_000;
/** initdb must be able to look its user up, which the tree's msyspg is not on this host: Debian's own does it. */
const DEBIAN_USER = 'postgres';

export function postgresqlBin(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const newest = readdirSync(VERSIONS)
    .filter((name) => existsSync(join(VERSIONS, name, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(VERSIONS, newest, 'bin');
}

/** Makes the database cluster in the tree's data folder, beside the settings and the pair that are there already. */
export async function initDatabase(node: StandinNode): Promise<void> {
  const bin = postgresqlBin();
  if (bin === null) throw new Error('PostgreSQL is not installed');
  const fresh = statePath(node, 'initdb');
  const isRoot = process.getuid?.() === 0;
  const maker = isRoot ? hostUser(DEBIAN_USER) : undefined;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  if (maker) chownSync(fresh, maker.uid, maker.gid);
  const args = ['-D', fresh, '-U', 'msyspg', '--no-locale', '-E', 'UTF8', '--no-sync', '-A', 'trust'];
  const { code, output } = await runToEnd(join(bin, 'initdb'), args, maker ? { as: maker } : {});
  if (code !== 0) throw new Error(`initdb: ${output}`);
  await makeMomentumsDatabase(bin, fresh, maker);
  // The laid tree names a release; the true one is initdb's.
  rmSync(node.tree.at(`${DATA}/PG_VERSION`), { force: true });
  cpSync(fresh, node.tree.at(DATA), { recursive: true, force: false });
  rmSync(fresh, { recursive: true });
  const { uid, gid } = node.tree.principals.ids.msyspg;
  if (isRoot) giveAll(node.tree.at(DATA), uid, gid);
  chmodSync(node.tree.at(DATA), 0o700);
}

/** Manual, ecdb.conf and install.standalone: the database and the service account of the Datasource. */
async function makeMomentumsDatabase(bin: string, data: string, maker: Ids | undefined): Promise<void> {
  const args = ['--single', '-F', '-D', data, 'postgres'];
  const stdin = `CREATE ROLE ecuser LOGIN PASSWORD '${SERVICE_PASSWORD}'\nCREATE DATABASE ecelerity OWNER ecuser\n`;
  const { code, output } = await runToEnd(join(bin, 'postgres'), args, {
    stdin,
    ...(maker ? { as: maker } : {}),
  });
  if (code !== 0) throw new Error(`postgres --single: ${output}`);
}

function giveAll(path: string, uid: number, gid: number): void {
  lchownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) giveAll(child, uid, gid);
    else lchownSync(child, uid, gid);
  }
}

/** PostgreSQL as msyspg, on the tree's own postgresql.conf. */
export async function startPostgresql(node: StandinNode): Promise<string | null> {
  const bin = postgresqlBin();
  if (bin === null) return 'PostgreSQL is not installed';
  const log = statePath(node, 'msyspg.log');
  const out = openSync(log, 'w');
  const user = process.getuid?.() === 0 ? node.tree.principals.ids.msyspg : {};
  const data = node.tree.at(DATA);
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-c', 'unix_socket_directories='], {
    ...user,
    detached: true,
    cwd: data,
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  let isGone = false;
  child.once('exit', () => (isGone = true));
  child.unref();
  const isReady = () => readFileSync(log, 'utf8').includes('ready to accept connections');
  await waitUntil(() => isGone || isReady(), START_MS);
  if (isGone || !isReady()) return readFileSync(log, 'utf8').trim() || 'PostgreSQL did not start';
  writeFileSync(pidFile(node, 'msyspg'), `${child.pid}\n`);
  return null;
}
