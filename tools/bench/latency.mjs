// From a file's change to the finding committed on the server (its live event, sent after the commit) and to the signed
// webhook, over 200 changes: half open the finding, half resolve it. Then the same with the rest of a fleet connected.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gather } from './crowd.mjs';
import { sleep, until, withFleet } from './fleet.mjs';
import { percentile, report, round, say } from './measure.mjs';

const CHANGES = Number(process.env.CASTELLAN_BENCH_CHANGES ?? 200);
const CROWD = Number(process.env.CASTELLAN_BENCH_CROWD ?? 1_000);
/** As the server has it when nobody says otherwise. */
const HEARTBEAT_MS = 30_000;
const ANSWER_MS = 10_000;
const PAUSE_MS_MAX = 300;
const CONTROL = 'MOM-CRT-009';
const KEY = 'var/ecconfigd/apache/server.key';
const here = dirname(fileURLToPath(import.meta.url));

export async function benchLatency() {
  await withFleet(
    async ({ fleet, nodeDir }) => {
      const floor = await floorReceiver();
      const events = await liveEvents(fleet);
      let crowd = null;
      try {
        await measure({ fleet, nodeDir, floor, events, agents: 1 });
        say(`connecting ${CROWD} more`);
        crowd = await gather(fleet, CROWD);
        await until('the rest of the fleet is connected', 120_000, async () => crowd.connected() === CROWD);
        await measure({ fleet, nodeDir, floor, events, agents: 1 + crowd.connected() });
      } finally {
        crowd?.end();
        events.end();
        floor.end();
      }
    },
    { heartbeatMs: HEARTBEAT_MS },
  );
}

async function measure({ fleet, nodeDir, floor, events, agents }) {
  say(`changing ${CHANGES} times, ${agents} agents`);
  const [committed, paged, bare] = [[], [], []];
  for (let i = 0; i < CHANGES; i += 1) {
    // Not in step with any timer of the agent or of the server.
    await sleep(Math.random() * PAUSE_MS_MAX);
    bare.push(await floor.change());
    const isBreak = i % 2 === 0;
    const page = nextPage(fleet.receiver, isBreak ? 'alert.firing' : 'alert.resolved');
    const event = events.next();
    const startedAt = performance.now();
    chmodSync(join(nodeDir, KEY), isBreak ? 0o644 : 0o600);
    const [eventAt, pageAt] = await Promise.all([event, page]);
    committed.push(eventAt - startedAt);
    paged.push(pageAt - startedAt);
  }
  const shared = {
    changes: CHANGES,
    agents,
    floor: 'fs.watch in a bare Node process, then one POST',
    floorP50Ms: round(percentile(bare, 50)),
    floorP99Ms: round(percentile(bare, 99)),
  };
  for (const [measurement, values] of [
    ['change-to-finding', committed],
    ['change-to-webhook', paged],
  ]) {
    const [p50, p99] = [percentile(values, 50), percentile(values, 99)];
    report({
      measurement,
      ...shared,
      p50Ms: round(p50),
      p99Ms: round(p99),
      maxMs: round(Math.max(...values)),
      ratio: round(p50 / percentile(bare, 50)),
      ...(measurement === 'change-to-webhook' ? { reach: 'p99Ms <= 1000' } : {}),
    });
  }
}

function nextPage(receiver, type) {
  return inTime(`the page ${type}`, (resolve) => {
    receiver.onPage = (page) => {
      if (page.type === type && page.data.alert.control === CONTROL) resolve(page.arrivedMs);
    };
  });
}

function inTime(what, start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: not within ${ANSWER_MS} ms`)), ANSWER_MS);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** The console's live events of findings. */
async function liveEvents(fleet) {
  const base = `${fleet.consoleUrl}/api/v1`;
  const session = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name: fleet.adminName, password: fleet.adminPassword }),
  });
  const ended = new AbortController();
  const stream = await fetch(`${base}/events`, {
    headers: { cookie: session.headers.getSetCookie()[0].split(';')[0] },
    signal: ended.signal,
  });
  if (!stream.ok) throw new Error(`/events answered ${stream.status}`);
  let onFinding = () => undefined;
  const reading = (async () => {
    let text = '';
    for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop();
      if (parts.some((part) => part.includes('event: finding'))) onFinding(performance.now());
    }
  })();
  reading.catch(() => undefined);
  return {
    next: () => inTime('the live event of the finding', (resolve) => (onFinding = resolve)),
    end: () => ended.abort(),
  };
}

async function floorReceiver() {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-floor-'));
  const file = join(folder, 'server.key');
  writeFileSync(file, '');
  let onPost = () => undefined;
  const server = createServer((request, response) => {
    onPost(performance.now());
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const child = spawn(process.execPath, [join(here, 'floor-watcher.mjs'), folder, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  let mode = 0o600;
  return {
    async change() {
      const post = inTime("the floor's POST", (resolve) => (onPost = resolve));
      mode = mode === 0o600 ? 0o644 : 0o600;
      const startedAt = performance.now();
      chmodSync(file, mode);
      return (await post) - startedAt;
    },
    end() {
      child.kill();
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
