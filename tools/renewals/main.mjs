#!/usr/bin/env node
// Renewals one after the other on real Apache and PostgreSQL, while clients keep shaking hands with both.
//   npm run test:renewals -- --times 200              init scripts that know reload
//   npm run test:renewals -- --times 20 --restart     those of the manual, which do not: services are restarted
// Fails when a pair at rest is not of each other, when a client is served what is neither the old nor the new certificate or
// the old one after the renewal's end, and, without --restart, when a handshake fails.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodePorts } from '../../packages/agent/dist/adapters/node-ports.js';
import { nodeRunLock } from '../../packages/agent/dist/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/dist/adapters/node-state-store.js';
import { nodeExecutor } from '../../packages/agent/dist/app/node-executor.js';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { ECWEBUI_PAIR, MSYSPG_PAIR } from '../../test/standin/dist/lay/texts/services.js';
import { startNode, stopNode } from '../../test/standin/dist/running/start-node.js';
import { expire } from '../kills/real-node.mjs';
import { Clients } from './judge.mjs';

const PER_SECOND = 20;
const SERVICES = [
  { service: 'ecwebui', pair: ECWEBUI_PAIR },
  { service: 'msyspg', pair: MSYSPG_PAIR, preamble: 'postgres' },
];
/** Of clients before the first renewal and after the last. */
const QUIET_MS = 2000;

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, restart: { type: 'boolean', default: false } },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1)
  throw new Error(`--times ${values.times}: give a whole number from 1, the renewals that are to be made`);

const folder = mkdtempSync(join(tmpdir(), 'castellan-renewals-'));
// The services run as users of their own, who must get through.
chmodSync(folder, 0o755);
const { dir: root, settings } = await layNode(join(folder, 'node'), {
  name: 'mta1.example.com',
  real: true,
  reloads: !values.restart,
});
let clients = null;
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopped = true));
try {
  await startNode(root);
  const served = Object.fromEntries(SERVICES.map(({ service, pair }) => [service, certificateAt(pair)]));
  clients = new Clients(PER_SECOND, SERVICES.map(listenerOf), served);
  await quiet();
  const startedAt = performance.now();
  let done = 0;
  for (; done < times && !isStopped; done += 1) {
    await renewal(SERVICES[done % SERVICES.length], done);
    process.stderr.write(`renewal ${done + 1} of ${times}\n`);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  await quiet();
  report(done, seconds, await clients.end());
} finally {
  clients?.stop();
  await stopNode(root);
  rmSync(folder, { recursive: true, force: true });
}

function listenerOf({ service, preamble }) {
  const place = `${settings.address}:${settings.ports[service]}`;
  return `${service}=${place}${preamble === undefined ? '' : `:${preamble}`}`;
}

function quiet() {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}

async function renewal({ service, pair }, n) {
  expire(root, pair);
  const executor = nodeExecutor({
    ports: nodePorts(root, { live: true, probe: true }),
    store: nodeStateStore(join(folder, 'state')),
    lock: nodeRunLock(join(folder, 'state/run.lock')),
    settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    allow: null,
    isAuditOnly: () => false,
    signal: new AbortController().signal,
  });
  const params = { service };
  const plan = await executor.plan('certificate-renew', params);
  if (!plan.ok) throw plan.error;
  let last = null;
  const request = { runId: `run-${n}`, slug: 'certificate-renew', params, planDigest: plan.value.digest };
  const begun = Date.now();
  await executor.apply(request, (event) => (last = event));
  if (last?.state !== 'done') throw new Error(`renewal ${n + 1} ended as ${last?.state}: ${last?.line}`);
  const certificate = new X509Certificate(textOf(`${pair}.crt`));
  const isPair = certificate.checkPrivateKey(createPrivateKey(textOf(`${pair}.key`)));
  clients.renewed(service, { begun, ended: Date.now(), fingerprint: certificateAt(pair), isPair });
}

function textOf(path) {
  return readFileSync(join(root, path), 'utf8');
}

function certificateAt(pair) {
  return new X509Certificate(textOf(`${pair}.crt`)).fingerprint256.replaceAll(':', '').toLowerCase();
}

function report(renewals, seconds, services) {
  const bad = (one) => one.wrong + one.late + one.apart + (one.servesNewest ? 0 : 1);
  const failed = (one) => Object.values(one.failed).reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `${JSON.stringify({ renewals, seconds, perSecond: PER_SECOND, how: values.restart ? 'restart' : 'reload', services })}\n`,
  );
  const all = Object.values(services);
  if (all.some((one) => bad(one) > 0 || (!values.restart && failed(one) > 0))) process.exitCode = 1;
}
