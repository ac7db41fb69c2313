#!/usr/bin/env node
// Kills the server (SIGKILL) again and again while nodes report: at any moment, in the middle of a page (the receiver has
// it, the server has not written so), and in the middle of a resolve. Nothing that was acknowledged may be lost, and
// every page that the receiver has must get its resolve.
//   node tools/kills/server.mjs            100 kills
//   node tools/kills/server.mjs --short    3 kills
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EACH_ALERT_ALONE, Fleet } from '../../test/standin/dist/demo/fleet.js';
import { runProgram } from '../../test/standin/dist/demo/programs.js';
import { until } from '../../test/standin/dist/demo/wait.js';
import { PlayedNode } from './played-node.mjs';

const sqlite3 = createRequire(new URL('../../packages/server/package.json', import.meta.url))('sqlite3');
const NODES = 4;
/** Each is an alert of its own in each group, and every node has a group. */
const CONTROLS = [1, 2, 3, 4, 5, 6, 8, 10].map((n) => `MOM-TLS-${String(n).padStart(3, '0')}`);
/** A lease of a server that is dead, and the longest first delays of a retry. */
const WAIT_MS = 180_000;

/** `moments[n % length]` says where the n-th kill strikes. */
const MOMENTS = ['any moment', 'a page is on its way', 'a resolve is on its way'];
const PAGE_TYPE = { 'a page is on its way': 'alert.firing', 'a resolve is on its way': 'alert.resolved' };

const kills = process.argv.includes('--short') ? 3 : 100;
const silent = { plain: () => undefined, step: () => undefined };
const fleet = new Fleet(silent, [], { heartbeatMs: 600_000, alerts: EACH_ALERT_ALONE });
const counts = Object.fromEntries(MOMENTS.map((moment) => [moment, 0]));
let lost = 0;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => fleet.stop({ keep: false }).finally(() => process.exit(130)));
try {
  const nodes = await startUp();
  for (let n = 0; n < kills; n += 1) await round(nodes, n);
  await end(nodes);
} finally {
  await fleet.stop({ keep: false });
}

async function startUp() {
  await fleet.startServer();
  await fleet.startReceiver();
  const nodes = [];
  for (let i = 1; i <= NODES; i += 1) nodes.push(new PlayedNode(await enrolled(`mta${i}.example.com`)));
  await Promise.all(nodes.map((node) => node.connect()));
  return nodes;
}

async function enrolled(name) {
  const folder = join(fleet.dir, `agent-of-${name}`);
  mkdirSync(folder, { mode: 0o700 });
  const settings = join(folder, 'agent.yaml');
  writeFileSync(settings, `version: 1\nstate: ${JSON.stringify(join(folder, 'state'))}\nname: ${name}\n`);
  const { token } = await fleet.rest.post('/tokens', { group: name.split('.')[0], ttlSeconds: 600, uses: 1 });
  await runProgram(
    'agent',
    ['enroll', '--server', fleet.agentsUrl, '--token-file', '-', '--config', settings],
    token,
  );
  const text = (file) => readFileSync(join(folder, 'state/identity', file), 'utf8');
  return {
    ...JSON.parse(text('node.json')),
    keyPem: text('key.pem'),
    certificatePem: text('cert.pem'),
    authorityPem: text('authority.pem'),
  };
}

/** Everybody breaks something and mends it, and the server dies meanwhile. */
async function round(nodes, n) {
  const moment = MOMENTS[n % MOMENTS.length];
  for (const status of ['fail', 'pass']) {
    const isStruck = (status === 'pass') === (moment === 'a resolve is on its way');
    const struck = isStruck ? strike(moment, nodes) : null;
    for (const [i, control] of CONTROLS.entries())
      for (const node of nodes) node.tell(status, control, `listener ${n}.${i}`);
    if (struck) await recover(nodes, struck);
    await settled(nodes);
  }
  counts[moment] += 1;
}

async function recover(nodes, struck) {
  await struck;
  await Promise.all(nodes.map((node) => node.gone()));
  await keptWhatWasAcknowledged(nodes);
  await fleet.restartServer();
  await Promise.all(nodes.map((node) => node.connect()));
}

/** Everything is acknowledged, and no message is owed. */
async function settled(nodes) {
  await until('all is acknowledged', WAIT_MS, () => nodes.every(({ hasAll }) => hasAll) || null);
  await until('no message is owed', WAIT_MS, async () => {
    const [{ owed }] = await query("select count(*) as owed from deliveries where state = 'pending'");
    const [{ undecided }] = await query(
      'select count(*) as undecided from notifications where decide_at is not null',
    );
    return (owed === 0 && undecided === 0) || null;
  });
}

async function strike(moment, nodes) {
  const type = PAGE_TYPE[moment];
  if (type === undefined) {
    const enough = nodes[0].numbered + Math.floor(Math.random() * CONTROLS.length);
    await until('some are acknowledged', WAIT_MS, () => nodes.some(({ acked }) => acked >= enough) || null);
    await fleet.stopServer('SIGKILL');
    return;
  }
  await new Promise((resolve, reject) => {
    fleet.receiver.onPage = (page) => {
      if (page.type !== type) return;
      fleet.receiver.onPage = () => undefined;
      // Before the answer: the receiver has the page, and the server will never know.
      fleet.stopServer('SIGKILL').then(resolve, reject);
    };
  });
}

async function keptWhatWasAcknowledged(nodes) {
  const rows = await query('select node_id, up_to from received');
  const kept = new Map(rows.map(({ node_id, up_to }) => [node_id, up_to]));
  for (const { nodeId, acked } of nodes) lost += Math.max(0, acked - (kept.get(nodeId) ?? 0));
}

async function end(nodes) {
  const [{ lives, open }] = await query(
    "select count(*) as lives, sum(state <> 'resolved') as open from findings where control like 'MOM-%'",
  );
  for (const node of nodes) node.close();
  report({ lives, open, records: nodes.reduce((sum, { numbered }) => sum + numbered, 0), ...paged() });
}

/** Messages that say that something is wrong, repeats left out, and alerts whose last message says so still. */
function paged() {
  const messages = [...new Map(fleet.receiver.pages.map((page) => [page.id, page])).values()];
  const last = new Map(messages.map(({ type, data }) => [data.alert.id, type]));
  return {
    fired: messages.filter(({ type }) => type === 'alert.firing').length,
    unresolved: [...last.values()].filter((type) => type !== 'alert.resolved').length,
  };
}

function report({ lives, open, records, fired, unresolved }) {
  const expected = NODES * CONTROLS.length * kills;
  process.stdout.write(
    `${JSON.stringify({ kills, ...counts, records, lost, findings: lives, expected, open, pagesFired: fired, pagesWithoutResolve: unresolved })}\n`,
  );
  if (lost > 0 || unresolved > 0 || open > 0 || lives !== expected) process.exitCode = 1;
}

function query(sql) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(
      join(fleet.dir, 'server/castellan.db'),
      sqlite3.OPEN_READONLY,
      (opening) => {
        if (opening) return reject(opening);
        database.all(sql, (problem, rows) =>
          database.close(() => (problem ? reject(problem) : resolve(rows))),
        );
      },
    );
  });
}
