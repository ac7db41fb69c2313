// What a renewal takes beyond what it asks others for (the certificate, the service's restart), as it is measured around
// every program that is run: planning again, staging, journal, swap, and verifying. The certificate comes from the product's
// program, so that it is one of those. Floor: the same files written, synced and renamed, and the same handshakes, with nothing else.
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePorts } from '../../packages/agent/dist/adapters/node-ports.js';
import { nodeRunLock } from '../../packages/agent/dist/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/dist/adapters/node-state-store.js';
import { nodeExecutor } from '../../packages/agent/dist/app/node-executor.js';
import { DAY_MS, selfSigned } from '../../test/standin/dist/lay/certificates.js';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { startNode, stopNode } from '../../test/standin/dist/running/start-node.js';
import { median, report, round, say } from './measure.mjs';

const RUNS = 9;
const NAME = 'mta1.example.com';
const PAIR = '/var/ecconfigd/apache/server';
const HANDSHAKES = 3;

export async function benchRenewal() {
  const dir = mkdtempSync(join(tmpdir(), 'castellan-bench-'));
  const node = await layNode(join(dir, 'node'), { name: NAME });
  await startNode(node.dir);
  try {
    const [ours, floor] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      say(`renewal ${run + 1} of ${RUNS}`);
      expire(node.dir);
      ours.push(await renewal(node.dir, join(dir, 'state'), run));
      floor.push(await bare(node));
    }
    report({
      measurement: 'renewal-overhead',
      runs: RUNS,
      medianMs: round(median(ours)),
      floor: 'two files and their folder synced and renamed, three handshakes',
      floorMedianMs: round(median(floor)),
      reach: 'medianMs <= 300',
    });
  } finally {
    await stopNode(node.dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

function expire(root) {
  const now = Date.now();
  const { keyPem, certificatePem } = selfSigned({
    hostname: NAME,
    notBefore: new Date(now - 374 * DAY_MS),
    notAfter: new Date(now - 9 * DAY_MS),
  });
  writeFileSync(join(root, `${PAIR}.key`), keyPem);
  writeFileSync(join(root, `${PAIR}.crt`), certificatePem);
}

/** Milliseconds of an apply of an approved plan, less those in which a program ran. */
async function renewal(root, state, run) {
  let programsMs = 0;
  const ports = nodePorts(root, { live: true, probe: true });
  const exec = {
    children: ports.exec.children,
    async run(request) {
      const startedAt = performance.now();
      const result = await ports.exec.run(request);
      programsMs += performance.now() - startedAt;
      return result;
    },
  };
  const executor = nodeExecutor({
    ports: { ...ports, exec },
    store: nodeStateStore(state),
    lock: nodeRunLock(`${state}/run.lock`),
    settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    allow: null,
    isAuditOnly: () => false,
    signal: new AbortController().signal,
  });
  const params = { service: 'ecconfigd', issuer: 'product' };
  const plan = await executor.plan('certificate-renew', params);
  if (!plan.ok) throw plan.error;
  programsMs = 0;
  let last = null;
  const request = { runId: `bench-${run}`, slug: 'certificate-renew', params, planDigest: plan.value.digest };
  const startedAt = performance.now();
  await executor.apply(request, (event) => (last = event));
  const ms = performance.now() - startedAt - programsMs;
  if (last?.state !== 'done') throw new Error(`the renewal ended as ${last?.state}: ${last?.line}`);
  return ms;
}

async function bare({ dir, settings }) {
  const { net } = nodePorts(dir, { live: true, probe: true });
  const startedAt = performance.now();
  for (const kind of ['key', 'crt']) {
    const path = join(dir, `${PAIR}.${kind}.bench`);
    const file = openSync(path, 'w', 0o600);
    writeSync(file, 'x'.repeat(1700));
    fsyncSync(file);
    closeSync(file);
    renameSync(path, join(dir, `${PAIR}.bench`));
  }
  const folder = openSync(join(dir, '/var/ecconfigd/apache'), 'r');
  fsyncSync(folder);
  closeSync(folder);
  for (let count = 0; count < HANDSHAKES; count += 1) {
    const request = {
      host: settings.address,
      port: settings.ports.ecconfigd,
      preamble: 'none',
      timeoutMs: 5000,
    };
    const seen = await net.probeTls(request);
    if (seen.kind !== 'served') throw new Error(`the floor saw ${seen.kind}`);
  }
  const ms = performance.now() - startedAt;
  rmSync(join(dir, `${PAIR}.bench`));
  return ms;
}
