// A stand-in node with Debian's own services, and what is to be seen at it from outside of the agent.
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeChildren } from '../../packages/agent/dist/adapters/node-children.js';
import { nodeStateStore } from '../../packages/agent/dist/adapters/node-state-store.js';
import { writtenRuns } from '../../packages/agent/dist/runner/journal.js';
import { isFinal } from '../../packages/shared/dist/model/run.js';
import { DAY_MS, selfSigned } from '../../test/standin/dist/lay/certificates.js';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { CONF, ECELERITY_CONF } from '../../test/standin/dist/lay/places.js';
import { startNode, stopNode } from '../../test/standin/dist/running/start-node.js';

const NAME = 'mta1.example.com';
const PROGRAM_MS = 400_000;
/** Of nobody that the node knows. */
const OTHER_UID = 61_099;

/** Runs a program to its end; a signal that ended it is told as such. */
export function run(program, argv, env = process.env) {
  return new Promise((resolve) => {
    execFile(program, argv, { timeout: PROGRAM_MS, maxBuffer: 8e6, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout, stderr }),
    );
  });
}

/** `ports`: of a node that was laid before, so that this one's files are the same; undefined: free ones. */
export async function lay(row, ports) {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-kills-'));
  // The services run as users of their own, who must get through.
  chmodSync(folder, 0o755);
  const { dir, settings } = await layNode(join(folder, 'node'), {
    name: NAME,
    faults: row.faults ?? [],
    ...(row.plant ? { plant: row.plant } : {}),
    real: true,
    ...(ports ? { ports } : {}),
  });
  if (row.isExpired) expire(dir, row.pair);
  await listAccess(dir);
  await startNode(dir);
  const state = join(folder, 'state');
  row.afterStart?.(dir);
  return { folder, root: dir, state, kept: join(folder, 'state-before'), ports: settings.ports };
}

/** What the state folder holds of a run before the one that is killed stands beside it, and is brought back. */
export function keepState({ state, kept }) {
  cpSync(state, kept, { recursive: true });
}

export function resetState({ state, kept }) {
  rmSync(state, { recursive: true, force: true });
  if (existsSync(kept)) cpSync(kept, state, { recursive: true });
}

export async function remove({ folder, root }) {
  await stopNode(root);
  rmSync(folder, { recursive: true });
}

/** An access list on the main file, which a run has to bring over to what it puts in its place. */
async function listAccess(root) {
  const given = await run('setfacl', ['-n', '-m', `u:${OTHER_UID}:r,m::rw`, join(root, ECELERITY_CONF)]);
  if (given.code !== 0) throw new Error(`no access list could be given (package acl): ${given.stderr}`);
}

/** Whether the main file has it; null: the row does not look there. */
export function isListed(lists) {
  return lists === null || lists.includes(`user:${OTHER_UID}:r--`);
}

/** A pair whose year is over, in the place of the one that was laid; owner and mode stay. */
export function expire(root, pair) {
  const now = Date.now();
  const made = selfSigned({
    hostname: NAME,
    notBefore: new Date(now - 374 * DAY_MS),
    notAfter: new Date(now - 9 * DAY_MS),
  });
  writeFileSync(join(root, `${pair}.key`), made.keyPem);
  writeFileSync(join(root, `${pair}.crt`), made.certificatePem);
}

/**
 * Owner, mode, access list and content of everything below the row's paths, what its service shows, and what its programs say.
 * `made`: the same without what no two runs make alike.
 */
export async function seen(row, { root, ports }) {
  const files = {};
  for (const path of row.paths) walk(root, path, files);
  const said = {};
  for (const [program, ...argv] of row.asks ?? [])
    said[argv.join(' ')] = (await run(join(root, program), argv)).stdout;
  const shown = row.service ? await shownBy(ports[row.service], row.starttls) : null;
  const lists = await accessLists(root, row.paths);
  const all = { files, lists, said, shown };
  const alike = Object.entries(files).map(([path, [access, sha256]]) => [
    path,
    access,
    row.unlike?.includes(path) ? '' : sha256,
  ]);
  return {
    lists: row.paths.includes(CONF) ? lists : null,
    all: JSON.stringify(all),
    made: JSON.stringify({ files: alike, lists, said }),
    files,
    shown,
  };
}

/** Of everything that has more than a mode. */
async function accessLists(root, paths) {
  const there = paths.filter((path) => existsSync(join(root, path)));
  const told = await run('getfacl', ['-R', '-P', '-n', '-p', '-s', ...there.map((path) => join(root, path))]);
  if (told.code !== 0) throw new Error(`access lists could not be read (package acl): ${told.stderr}`);
  return told.stdout.replaceAll(root, '');
}

function walk(root, path, files) {
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return;
  const access = `${stat.uid}:${stat.gid} ${stat.mode.toString(8)}`;
  const content = stat.isFile()
    ? createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex')
    : '';
  files[path] = [access, content];
  // Subversion's own notes are rewritten by whoever asks it.
  if (stat.isDirectory())
    for (const name of readdirSync(join(root, path)).sort())
      if (name !== '.svn') walk(root, join(path, name), files);
}

/** SHA-256 of the certificate at a port, asked by OpenSSL. */
async function shownBy(port, starttls) {
  const argv = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', NAME];
  if (starttls) argv.push('-starttls', starttls);
  const script = 'exec openssl "$@" </dev/null';
  const { stdout } = await run('/bin/sh', ['-c', script, 'sh', ...argv]);
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(stdout)?.[0];
  return pem ? new X509Certificate(pem).fingerprint256 : 'nothing';
}

/** Whether the pair's key and certificate are of each other, and the certificate is what is shown; empty: both. */
export function pairProblems(row, { root }, shown) {
  if (!row.pair) return [];
  const certificate = new X509Certificate(readFileSync(join(root, `${row.pair}.crt`)));
  const key = createPrivateKey(readFileSync(join(root, `${row.pair}.key`)));
  return [
    ...(certificate.checkPrivateKey(key) ? [] : ['key and certificate are not of each other']),
    ...(shown === certificate.fingerprint256 ? [] : [`the service shows ${shown}`]),
  ];
}

/** What the run that was killed says of itself; null: it was never begun. `before`: the run before it. */
export function endOfRun({ state }, before) {
  const written = writtenRuns(nodeStateStore(state)).find(({ runId }) => runId !== before);
  if (!written) return null;
  const last = written.records.findLast((one) => one.t === 'event' && isFinal(one.state));
  const backups = written.records.flatMap((one) =>
    one.t === 'backup' && one.backup !== null ? [one.backup] : [],
  );
  return {
    state: last?.state ?? null,
    line: last?.line ?? '',
    closed: written.ended,
    lostBackups: backups.filter((name) => !existsSync(join(state, name))),
    children: written.records.filter((one) => one.t === 'child'),
  };
}

/** What a run must not leave: its own files at the node or half-written ones of its state, and programs that still work. */
export function leftovers({ root, state }, end) {
  const found = [];
  const look = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.name.includes('.castellan-')) found.push(path);
      else if (entry.isDirectory()) look(path);
    }
  };
  look(root);
  if (existsSync(state))
    for (const name of readdirSync(state, { recursive: true }))
      if (/\.new$|run\.lock|\.tmp$/.test(name)) found.push(join(state, name));
  for (const child of end?.children ?? [])
    if (nodeChildren.isRunning(child)) found.push(`${child.program} (process ${child.pid}) still works`);
  return found;
}
