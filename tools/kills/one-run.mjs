// One run of a remediation with everything real, in a process that ends itself before its n-th effect as SIGKILL does.
//   node tools/kills/one-run.mjs plan|apply|recover ROOT STATE SLUG N [NAME=VALUE ...]
// PLAN_DIGEST in the environment: what was approved; without it a plan is made and approved first.
// Prints how many effects it came to, the digest and the run's id. An effect: a change of a file, a line in the state folder, a program that is run.
// A program counts three times: before it is started, when it is written down and not yet let go, and while it works.
import { nodePorts } from '../../packages/agent/dist/adapters/node-ports.js';
import { nodeRandom } from '../../packages/agent/dist/adapters/node-random.js';
import { nodeRunLock } from '../../packages/agent/dist/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/dist/adapters/node-state-store.js';
import { nodeExecutor } from '../../packages/agent/dist/app/node-executor.js';

/** How long a program has worked when its agent is killed. */
const AT_WORK_MS = 60;

const [what, root, state, slug, at, ...pairs] = process.argv.slice(2);
let count = 0;
function effect() {
  count += 1;
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
}

function before(port, names) {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function' || !names.includes(String(name))) return member;
      return (...args) => {
        effect();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

async function runKilled(request) {
  // Planning runs programs too; what counts is one that a step runs, which is noted in the journal.
  if (!request.started) return ports.exec.run(request);
  effect();
  let timer = null;
  const started = (child) => {
    request.started(child);
    effect();
    timer = setTimeout(effect, AT_WORK_MS);
  };
  try {
    return await ports.exec.run({ ...request, started });
  } finally {
    clearTimeout(timer);
  }
}

const ports = nodePorts(root, { live: true, probe: true });
const carrier = nodeExecutor({
  ports: {
    ...ports,
    writer: before(ports.writer, Object.keys(ports.writer)),
    exec: { ...ports.exec, run: runKilled },
  },
  store: before(nodeStateStore(state), ['append', 'replace', 'remove']),
  lock: nodeRunLock(`${state}/run.lock`),
  settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
  allow: null,
  isAuditOnly: () => false,
  signal: new AbortController().signal,
});
const runId = nodeRandom.id();
let last = 'none';
let planDigest = process.env.PLAN_DIGEST ?? '';
const tell = (event) => {
  last = `${event.state} ${event.line}`;
};
if (what === 'recover') await carrier.recover(tell);
else {
  const params = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  if (planDigest === '') {
    const plan = await carrier.plan(slug, params);
    if (!plan.ok) throw plan.error;
    planDigest = plan.value.digest;
  }
  if (what === 'apply') await carrier.apply({ runId, slug, params, planDigest }, tell);
}
process.stdout.write(`${JSON.stringify({ count, last, planDigest, runId })}\n`);
process.exit(0);
