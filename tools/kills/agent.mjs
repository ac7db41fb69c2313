// The agent killed before each of its effects, on a node whose services really run; and every damage to its journal.
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ONE_RUN = join(REPOSITORY, 'tools/kills/one-run.mjs');
const LAY = join(REPOSITORY, 'test/standin/dist/lay/main.js');
const SERVICES = ['ecwebconsole', 'ecelerity', 'ecconfigd', 'msyspg'];
const CONF = 'opt/msys/ecelerity/etc/conf';
const APACHE = 'var/ecconfigd/apache';
const EFFECTS_MAX = 400;

const ROWS = [
  {
    slug: 'certificate-renew',
    fault: 'ecconfigd-certificate-expired',
    params: ['service=ecconfigd'],
    served: true,
    paths: [`${APACHE}/server.key`, `${APACHE}/server.crt`],
  },
  { slug: 'permissions-repair', fault: 'config-unreadable', params: [], paths: [CONF] },
  { slug: 'tls-protocols', fault: 'tls-protocols', params: [], paths: [CONF] },
];

function node(argv, env = {}) {
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...env } });
}

/** Owner, mode and content of everything below the paths. */
function snapshot(root, paths) {
  const found = {};
  const walk = (path) => {
    const stat = lstatSync(path);
    const isFolder = stat.isDirectory();
    found[path] =
      `${stat.uid}:${stat.gid} ${stat.mode.toString(8)} ${stat.isFile() ? readFileSync(path, 'latin1') : ''}`;
    if (isFolder) for (const name of readdirSync(path).sort()) walk(join(path, name));
  };
  for (const path of paths) walk(join(root, path));
  return JSON.stringify(found);
}

function servedFingerprint(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? 'none');
      socket.destroy();
    });
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
    socket.on('error', (error) => resolve(error.message));
  });
}

/** What must hold whatever happened; empty: it does. */
async function lies(row, laid, before) {
  const now = snapshot(laid.root, row.paths);
  const wrong = [];
  // The names that a run gives to what it writes beside a file.
  if (/\.castellan-[^"]*\.(new|old)"/.test(now)) wrong.push('something of the run lies about');
  if (row.served) {
    const certificate = new X509Certificate(readFileSync(join(laid.root, `${APACHE}/server.crt`)));
    const key = createPrivateKey(readFileSync(join(laid.root, `${APACHE}/server.key`)));
    if (!certificate.checkPrivateKey(key)) wrong.push('key and certificate are not of each other');
    const served = await servedFingerprint(laid.port);
    if (served !== certificate.fingerprint256) wrong.push(`the service shows ${served}`);
  }
  return { place: now === before ? 'before' : 'other', wrong };
}

function lay(fault) {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-kills-'));
  chmodSync(folder, 0o755);
  const root = join(folder, 'node');
  const said = node([LAY, root, '--fault', fault, '--start']);
  if (said.status !== 0) throw new Error(`${fault}: ${said.stderr}`);
  return { folder, root, state: join(folder, 'state'), port: JSON.parse(said.stdout).ports.ecconfigd };
}

function remove({ folder, root }) {
  for (const service of SERVICES) spawnSync(join(root, 'etc/init.d', service), ['stop'], { stdio: 'ignore' });
  rmSync(folder, { recursive: true });
}

async function killed(row, every) {
  const counts = { kills: 0, recoveriesKilled: 0, before: 0, after: 0, rollbackFailed: 0, lies: [] };
  let laid = lay(row.fault);
  let before = snapshot(laid.root, row.paths);
  for (let n = 1; n < EFFECTS_MAX; n += every) {
    const run = node([ONE_RUN, 'apply', laid.root, laid.state, row.slug, String(n), ...row.params]);
    const isUntouched = run.signal === null;
    if (isUntouched && run.status !== 0) throw new Error(`${row.slug}: ${run.stderr}`);
    if (!isUntouched) {
      counts.kills += 1;
      const again = node([ONE_RUN, 'recover', laid.root, laid.state, row.slug, String(1 + (n % 9))]);
      if (again.signal !== null) counts.recoveriesKilled += 1;
    }
    const end = node([ONE_RUN, 'recover', laid.root, laid.state, row.slug, '0']);
    const { place, wrong } = await lies(row, laid, before);
    for (const one of wrong) counts.lies.push(`${row.slug}, effect ${n}: ${one}`);
    if (end.stdout.includes('"last":"rollbackFailed')) counts.rollbackFailed += 1;
    else counts[place === 'before' ? 'before' : 'after'] += 1;
    if (place !== 'before') {
      remove(laid);
      if (isUntouched) return counts;
      laid = lay(row.fault);
      before = snapshot(laid.root, row.paths);
    } else if (isUntouched) {
      counts.lies.push(`${row.slug}: a run that nobody killed changed nothing: ${run.stdout}`);
      break;
    }
    process.stderr.write(`\r${row.slug}: ${n} effects`);
  }
  if (existsSync(laid.folder)) remove(laid);
  return counts;
}

/** `every`: only each n-th effect. Resolves with whether nothing was found. */
export async function killAgent({ every = 1, only = null } = {}) {
  let isWell = true;
  for (const row of ROWS.filter(({ slug }) => only === null || slug === only)) {
    const counts = await killed(row, every);
    process.stdout.write(`\nkills, ${row.slug}: ${JSON.stringify(counts)}\n`);
    if (counts.lies.length > 0) isWell = false;
  }
  return isWell;
}

/** Every bit, line and copy of the journal. */
export function damageJournals() {
  const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
  const ran = spawnSync(process.execPath, [vitest, 'run', 'test/faults/damaged-journal.test.ts'], {
    cwd: REPOSITORY,
    stdio: 'inherit',
    env: { ...process.env, CASTELLAN_KILLS: 'whole' },
  });
  return ran.status === 0;
}
