// Runs from beside, over a real ssh session to a node whose services really run, broken off in every way a link, either host
// and the programs between them can end. Whoever comes then comes from another host, with another key.
//   up, down   the connection is cut after so many bytes to the node, or from it
//   near       the agent is killed before a request, or when the answer came
//   ssh        its ssh is killed
//   node       all processes of the session on the node are killed at once, as when it loses its power
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSshd } from '../../test/standin/dist/running/real/sshd.js';
import { run } from './real-node.mjs';
import { ENDS, killAll, Victim } from './victim.mjs';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ONE_RUN = join(REPOSITORY, 'tools/kills/one-run-beside.mjs');
const PROXY = join(REPOSITORY, 'test/beside/cutting-proxy.mjs');
const WAYS = ['up', 'down', 'near', 'ssh', 'node'];
const COLUMNS = ['requests', ...WAYS, ...ENDS];
const NEVER = Number.MAX_SAFE_INTEGER;
/** What is only asked before anything is changed can leave nothing: one in so many of its points is tried. */
const HARMLESS_EVERY = 25;
/** One in so many recoveries is broken off too, at one of this many first requests, a different one each time. */
const RECOVERY_EVERY = 3;
const RECOVERY_REQUESTS = 41;

/** The way to one node, from the host that is lost and from the one that comes after it. */
class Ways {
  #folder = mkdtempSync(join(tmpdir(), 'castellan-kills-beside-'));
  #sshd = null;
  #cuts = 0;
  #hosts = {};

  async #start() {
    this.#sshd = await startSshd(join(this.#folder, 'sshd'));
    const { config, knownHosts } = this.#sshd.files();
    const keyFile = join(this.#folder, 'other-key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
    appendFileSync(join(this.#folder, 'sshd/key.pub'), readFileSync(`${keyFile}.pub`));
    const other = `${config}_other`;
    writeFileSync(other, readFileSync(config, 'utf8').replace(/IdentityFile .*/, `IdentityFile ${keyFile}`));
    this.#hosts = {
      own: this.#host('own', config, knownHosts),
      other: this.#host('other', other, knownHosts),
    };
  }

  #host(name, config, knownHosts) {
    const home = join(this.#folder, name);
    mkdirSync(home);
    return { config, knownHosts, home };
  }

  /** Runs of the first host, or of the one that comes to recover. Gives the ends of what was carried by `log`, too. */
  async carry({ root, state }, { what, slug, pairs, digest, point }) {
    if (this.#sshd === null) await this.#start();
    const { config, knownHosts, home } = this.#hosts[what === 'recover' ? 'other' : 'own'];
    const isByBytes = point !== null && (point.kind === 'up' || point.kind === 'down');
    this.#cuts += 1;
    const log = join(this.#folder, `cut-${this.#cuts}`);
    const cutConfig = isByBytes ? this.#cutting(config, point, log) : config;
    const order = {
      config: cutConfig,
      probeConfig: config,
      knownHosts,
      sshd: this.#sshd.pid,
      break: isByBytes ? null : point,
    };
    const ran = await run(process.execPath, [ONE_RUN, what, root, state, slug, ...pairs], {
      ...process.env,
      TMPDIR: home,
      BESIDE: JSON.stringify(order),
      ...(digest === null ? {} : { PLAN_DIGEST: digest }),
    });
    const isLost = ran.signal === null && ran.code === 0 && JSON.parse(ran.stdout).isLost;
    const pieces = isByBytes ? readFileSync(log, 'utf8') : '';
    rmSync(log, { force: true });
    rmSync(`${log}.config`, { force: true });
    return { ...ran, isBroken: ran.signal !== null || isLost, pieces };
  }

  #cutting(config, { kind, n }, log) {
    const proxy = `ProxyCommand ${process.execPath} ${PROXY} %p ${kind} ${n} ${log} ${NEVER}`;
    writeFileSync(`${log}.config`, `${readFileSync(config, 'utf8')}  ${proxy}\n`);
    return `${log}.config`;
  }

  stop() {
    this.#sshd?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const fromBeside = (ways) => ({
  named: ({ kind, n }) => `${kind} ${n === NEVER ? 'never' : n}`,
  carry: (laid, order) => ways.carry(laid, order),
  atRecovery: ({ n }) =>
    n % RECOVERY_EVERY === 0 ? { kind: 'near', n: 2 + ((n * 7) % (2 * RECOVERY_REQUESTS)) } : null,
});

/** Where a run can be broken off in each way, after a whole one: `said` by it and by the proxy. */
function pointsOf({ said, pieces }) {
  const { requests, first, firstAt } = said;
  const bytes = (kind) =>
    pieces
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([name]) => name === kind)
      .map(([, end, at]) => ({ end: Number(end), isHarmless: Number(at) < firstAt }))
      .flatMap(({ end, isHarmless }, index, all) => [
        { n: Math.ceil(((all[index - 1]?.end ?? 0) + end) / 2), isHarmless },
        { n: end, isHarmless },
      ]);
  const counted = (each) =>
    Array.from({ length: requests * each }, (_, n) => ({ n, isHarmless: n < first * each }));
  const all = { up: bytes('up'), down: bytes('down'), near: counted(2), ssh: counted(1), node: counted(1) };
  return WAYS.map((kind) =>
    all[kind]
      .filter(({ isHarmless }, index) => !isHarmless || index % HARMLESS_EVERY === 0)
      .map(({ n }) => ({ kind, n })),
  );
}

/** Each n-th, and at least one. Ways begin at different places, so that few points are not all of one phase of the run. */
function sampled(points, every, from, way) {
  const step = Math.min(every, points.length);
  const begin = Math.floor((step * (way + 0.5)) / WAYS.length);
  return points.filter((_, index) => index + 1 >= from && index % step === begin);
}

async function everyWay(victim, { every, from }) {
  const { isUntouched, said, pieces } = await victim.round({ kind: 'up', n: NEVER });
  if (!isUntouched) throw new Error(`${victim.row.name}: a run that nobody cut lost its link`);
  victim.counts.requests = said.requests;
  const chosen = pointsOf({ said, pieces }).flatMap((points, way) => sampled(points, every, from, way));
  for (const point of chosen) {
    await victim.round(point);
    victim.counts[point.kind] += 1;
  }
}

/** `every`: only each n-th point of each way; `from`: the first; `only`: rows whose name begins with one of these. Resolves with whether nothing was found. */
export function killBeside({ every = 1, from = 1, only = null } = {}) {
  return killAll(COLUMNS, only, (row) => {
    const ways = new Ways();
    return {
      victim: new Victim(row, COLUMNS, fromBeside(ways)),
      work: (victim) => everyWay(victim, { every, from }),
      release: () => ways.stop(),
    };
  });
}
