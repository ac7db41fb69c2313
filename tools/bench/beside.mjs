// What looking after nodes from beside costs: one agent with 100 nodes, each a session of a real sshd into a tree of its own,
// on which nothing happens for a minute; and a check of a node with 20,000 files over a link with 20 ms each way, against the
// agent on the node itself, in pairs.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fleet } from '../../test/standin/dist/demo/fleet.js';
import { RunningProgram } from '../../test/standin/dist/demo/programs.js';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { startSshd } from '../../test/standin/dist/running/real/sshd.js';
import { sleep, until } from './fleet.mjs';
import { fillConfiguration } from './large-tree.mjs';
import { cpuMs, median, report, round, rssMb, say, wallMs } from './measure.mjs';
import { startDelay } from './slow-link.mjs';

const NODES = 100;
const INTERVAL_S = 10;
const SETTLE_MS = 60_000;
const WINDOW_MS = 60_000;
const UP_MS_MAX = 600_000;
const FILES = 20_000;
const DELAY_MS = 20;
const RUNS = 3;
const agent = join(dirname(fileURLToPath(import.meta.url)), '../../packages/agent/bin/castellan-agent.js');

export async function benchBeside() {
  const dir = mkdtempSync(join(tmpdir(), 'castellan-bench-beside-'));
  const sshd = await startSshd(join(dir, 'sshd'));
  try {
    const node = await layNode(join(dir, 'node'), { name: 'mta1.example.com' });
    await oneIdleProcess(dir, sshd, node.dir);
    await oneLargeNode(sshd, node.dir);
  } finally {
    sshd.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function oneIdleProcess(dir, sshd, tree) {
  const fleet = new Fleet({ plain: () => undefined }, [], { heartbeatMs: 15_000 });
  let program;
  try {
    await fleet.startServer();
    program = await begin(dir, sshd, tree, fleet);
    await until(`${NODES} nodes report`, UP_MS_MAX, async () => {
      const { items } = await fleet.rest.get('/nodes?limit=500');
      return items.filter(({ connected }) => connected).length === NODES;
    });
    say(`all report; ${(SETTLE_MS + WINDOW_MS) / 1000} s of quiet`);
    await sleep(SETTLE_MS);
    const far = processes((words) => words[0] === 'perl' || words[0].endsWith('/perl'), sshd.pid);
    if (far.length !== NODES) throw new Error(`${far.length} far programs, and not ${NODES}`);
    const before = far.map(cpuMs);
    const [nearBefore, startedAt] = [cpuMs(program.pid), performance.now()];
    const rss = [];
    for (let i = 0; i < 12; i += 1) {
      await sleep(WINDOW_MS / 12);
      rss.push(rssMb(program.pid));
    }
    const windowMs = performance.now() - startedAt;
    const shares = far.map((pid, index) => ((cpuMs(pid) - before[index]) / windowMs) * 100);
    const clients = processes((words) => words[0].endsWith('ssh'), program.pid);
    report({
      measurement: 'beside-idle',
      nodes: NODES,
      intervalS: INTERVAL_S,
      windowS: round(windowMs / 1000),
      rssMb: round(median(rss)),
      reach: `rssMb <= ${80 + 3 * NODES}`,
      sshClientRssMb: round(median(clients.map(rssMb))),
      nearCpuPercent: round(((cpuMs(program.pid) - nearBefore) / windowMs) * 100, 2),
    });
    report({
      measurement: 'beside-far-idle',
      cpuPercentOfANode: round(shares.reduce((sum, share) => sum + share, 0) / NODES, 3),
      worstCpuPercent: round(Math.max(...shares), 3),
      reach: 'cpuPercentOfANode <= 0.5',
      rssMb: round(median(far.map(rssMb))),
    });
  } finally {
    await program?.stop();
    await fleet.stop({ keep: false });
  }
}

/** Each node has a tree, a name and a state folder of its own. */
async function begin(dir, sshd, tree, fleet) {
  const order = { group: 'demo', ttlSeconds: 3600, uses: NODES };
  const { token } = await fleet.rest.post('/tokens', order);
  writeFileSync(join(dir, 'token'), token, { mode: 0o600 });
  const { config, knownHosts } = sshd.files();
  mkdirSync(join(dir, 'trees'));
  say(`laying ${NODES} nodes`);
  const nodes = Array.from({ length: NODES }, (_, index) => {
    const root = join(dir, 'trees', `n${index}`);
    cpSync(tree, root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return { name: `mta${index}.example.com`, host: `node${index}`, root };
  });
  const file = join(dir, 'nodes.yaml');
  const settings = {
    version: 1,
    state: join(dir, 'state'),
    server: fleet.agentsUrl,
    tokenFile: join(dir, 'token'),
    sshConfig: config,
    knownHosts,
    interval: INTERVAL_S,
    assumeMomentum: '3.6.6',
    nodes,
  };
  writeFileSync(file, JSON.stringify(settings));
  return RunningProgram.start('agent', ['run', '--beside', file], join(dir, 'agent.log'));
}

async function oneLargeNode(sshd, tree) {
  say(`laying ${FILES} files`);
  fillConfiguration(tree, FILES);
  const delay = await startDelay(sshd.port, DELAY_MS);
  try {
    const { config, knownHosts } = sshd.files(delay.port);
    const beside = ['--host', 'node', '--ssh-config', config, '--known-hosts', knownHosts];
    const [there, here] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      here.push(check(tree, []).ms);
      there.push((await checkFrom(tree, beside)).ms);
    }
    const [hereMs, thereMs] = [median(here), median(there)];
    report({
      measurement: 'beside-check',
      files: FILES,
      delayMs: DELAY_MS,
      runs: RUNS,
      medianMs: round(thereMs),
      floor: 'the agent on the node itself',
      floorMedianMs: round(hereMs),
      ratio: round(thereMs / hereMs, 2),
      reach: 'medianMs <= 2 * floorMedianMs + 2000',
    });
  } finally {
    delay.stop();
  }
}

const argvOf = (root, more) => [agent, 'check', '--root', root, '--format', 'json', ...more];

function check(root, more) {
  return told(wallMs(process.execPath, argvOf(root, more)));
}

/** The proxy lives in this process, which must not stand still. */
async function checkFrom(root, more) {
  const { spawn } = await import('node:child_process');
  const startedAt = performance.now();
  const child = spawn(process.execPath, argvOf(root, more), { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return told({ ms: performance.now() - startedAt, stdout });
}

function told(answer) {
  if (!answer.stdout.includes('"MOM-PERM-001"')) throw new Error('the check said nothing of permissions');
  return answer;
}

/** Below that process, whose words are like this. */
function processes(isWanted, above) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [
          { pid: Number(name), parent, words: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') },
        ];
      } catch {
        return [];
      }
    });
  const isBelow = ({ parent }) => {
    if (parent === above) return true;
    const next = all.find(({ pid }) => pid === parent);
    return next !== undefined && isBelow(next);
  };
  return all.filter((one) => isWanted(one.words) && isBelow(one)).map(({ pid }) => pid);
}
