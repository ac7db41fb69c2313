// One run of a remediation from beside, over a real ssh session, which is broken off where it is told to be.
//   node tools/kills/one-run-beside.mjs plan|apply|recover ROOT STATE SLUG [NAME=VALUE ...]
// BESIDE in the environment, JSON: { config, probeConfig, knownHosts, sshd, break: null | { kind, n } }, where sshd is the
// process that listens on the node, and kind
//   near   this process ends itself as SIGKILL does: 2n before its n-th request is sent, 2n + 1 when an answer to it came
//   ssh    its ssh is killed once the n-th request is written
//   node   every process of the session on the node is killed at once, once the n-th request is written
// PLAN_DIGEST: what was approved; without it a plan is made and approved first.
// Prints how many requests it came to, which of them was the first to change something and when, and whether the link was lost.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { changePorts } from '../../packages/agent/dist/adapters/beside/change-ports.js';
import { readFarProgram } from '../../packages/agent/dist/adapters/beside/far-program.js';
import { openSession } from '../../packages/agent/dist/adapters/beside/far-session.js';
import { decodeFields } from '../../packages/agent/dist/adapters/beside/fields.js';
import { waitedPipes } from '../../packages/agent/dist/adapters/beside/pipes.js';
import { nodeRandom } from '../../packages/agent/dist/adapters/node-random.js';
import { nodeExecutor } from '../../packages/agent/dist/app/node-executor.js';
import { processesBelow } from '../../test/standin/dist/running/processes-below.js';

const HEAD_BYTES = 9;
/** How far the other side has come with what it was asked for last: by turns. */
const AT_WORK_MS = [0, 1, 4, 15];
/** A program that was let go works for longer. */
const PROGRAM_MS = 60;
/** The far side of a session that was lost waits for its program, and has the lock so long. */
const FREED_MS_MAX = 180_000;
const LOOK_EVERY_MS = 100;
/** Of the section of changes, what changes nothing. */
const HARMLESS = ['alive', 'holder', 'limits', 'lock-self', 'ping', 'running', 'state-list', 'state-read'];

const [what, root, state, slug, ...pairs] = process.argv.slice(2);
const { config, probeConfig, knownHosts, sshd, break: broken } = JSON.parse(process.env.BESIDE);
const said = { requests: 0, first: null, firstAt: null, last: 'none', isLost: false };
let ssh = null;

/** The pipes to ssh, which see each request and each answer. */
function breaking(pipes) {
  return {
    given: pipes.given,
    begin(child, take) {
      ssh = child;
      pipes.begin(child, (chunk) => {
        if (isAt('near', 2 * said.requests + 1)) die();
        take(chunk);
      });
    },
    write(bytes) {
      const change = changeIn(bytes);
      if (change !== null && !HARMLESS.includes(change)) {
        said.first ??= said.requests;
        said.firstAt ??= Date.now();
      }
      if (isAt('near', 2 * said.requests)) die();
      pipes.write(bytes);
      if (isAt('ssh', said.requests)) {
        rest(change);
        ssh.kill('SIGKILL');
      }
      if (isAt('node', said.requests)) {
        rest(change);
        killBelow(sshd);
      }
      said.requests += 1;
    },
    wait: (until) => pipes.wait(until),
    end: () => pipes.end(),
    destroy: () => pipes.destroy(),
  };
}

function isAt(kind, n) {
  return broken !== null && broken.kind === kind && broken.n === n;
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

/** The word of a request to change something; null: it is another. */
function changeIn(bytes) {
  if (bytes.length < HEAD_BYTES || bytes.toString('latin1', 4, 5) !== 'C') return null;
  return decodeFields(bytes.subarray(HEAD_BYTES))?.[0]?.toString('latin1') ?? null;
}

/** Nothing else of this process goes on meanwhile. */
function rest(change) {
  const ms = change === 'go' ? PROGRAM_MS : AT_WORK_MS[broken.n % AT_WORK_MS.length];
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** As a loss of power ends them: none sees the other end. */
function killBelow(parent) {
  for (let found = processesBelow(parent); found.length > 0; found = processesBelow(parent))
    for (const signal of ['SIGSTOP', 'SIGKILL'])
      for (const pid of found)
        try {
          process.kill(pid, signal);
        } catch (error) {
          if (error.code !== 'ESRCH') throw error;
        }
}

const target = { user: null, host: 'node' };
const ways = (file) => ({ configFile: file, knownHostsFile: knownHosts });
const signal = new AbortController().signal;

async function carrierOver(session) {
  const { ports, looks, store, lock } = await changePorts({
    session,
    target,
    ssh: ways(probeConfig),
    root,
    probe: true,
    live: true,
    state,
  });
  return nodeExecutor({
    ports,
    looks,
    store,
    lock,
    settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    allow: null,
    isAuditOnly: () => false,
    signal,
  });
}

async function carriedOut(carrier) {
  const tell = (event) => {
    said.last = `${event.state} ${event.line}`;
  };
  if (what === 'recover') {
    for (let waited = 0; carrier.isOtherAtIt() && waited < FREED_MS_MAX; waited += LOOK_EVERY_MS)
      await sleep(LOOK_EVERY_MS);
    return carrier.recover(tell);
  }
  const params = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  said.planDigest = process.env.PLAN_DIGEST ?? '';
  if (said.planDigest === '') {
    const plan = await carrier.plan(slug, params);
    if (!plan.ok) throw plan.error;
    said.planDigest = plan.value.digest;
  }
  said.runId = nodeRandom.id();
  if (what === 'apply')
    await carrier.apply({ runId: said.runId, slug, params, planDigest: said.planDigest }, tell);
}

let session = null;
try {
  session = await openSession({
    target,
    ssh: ways(config),
    program: readFarProgram(),
    marker: randomBytes(16).toString('hex'),
    signal,
    mode: 'change',
    pipes: breaking(waitedPipes()),
  });
  await carriedOut(await carrierOver(session));
  said.isLost = session.isOver;
  await session.close();
} catch (error) {
  said.isLost = session === null || session.isOver;
  said.error = `${error.code ?? error.name}: ${error.detail ?? error.message}`;
  if (!said.isLost) throw error;
}
process.stdout.write(`${JSON.stringify(said)}\n`, () => process.exit(0));
