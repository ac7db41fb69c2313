// One enrolled node sends whole states, each different, and transitions, as fast as its link takes them. Measured of
// everybody else: the acknowledgement of another node's transition, a sign-in, the server's memory, and how long SIGTERM
// takes at the end, in the middle of the flood. The floor is the same without the flood, on the same server.
import { readFileSync } from 'node:fs';
import { stateDigest } from '../../packages/shared/dist/model/state-digest.js';
import { Fleet } from '../../test/standin/dist/demo/fleet.js';
import { sleep } from './fleet.mjs';
import { enrol, open, tokenOf, verdict, WebSocket } from './links.mjs';
import { percentile, report, round, say } from './measure.mjs';

const FLOOD_MS = Number(process.env.CASTELLAN_BENCH_FLOOD_MS ?? 60_000);
const FLOOR_MS = 15_000;
const TRANSITION_EVERY_MS = 100;
const SIGN_IN_EVERY_MS = 4_000;
const VERDICTS = 64;
const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;

export async function benchHostile() {
  const silent = { step: () => undefined, plain: () => undefined };
  const fleet = new Fleet(silent, [], { heartbeatMs: 60_000 });
  try {
    await fleet.startServer();
    const { pid } = fleet.programs.find(({ name }) => name === 'server');
    const token = await tokenOf(fleet, 2);
    const good = await enrol(fleet, token, 'good.example.com');
    const bad = await enrol(fleet, token, 'bad.example.com');
    const node = await Node.connect(good);
    say(`the floor: ${FLOOR_MS / 1000} s without a flood`);
    const floor = await measure(fleet, pid, node, FLOOR_MS);
    say(`the flood: ${FLOOD_MS / 1000} s`);
    const flood = new Flood(bad);
    flood.start();
    const under = await measure(fleet, pid, node, FLOOD_MS);
    const stopMs = await stopTime(pid);
    flood.stop();
    node.socket.terminate();
    report({
      measurement: 'hostile-node',
      floodMs: FLOOD_MS,
      sentMiB: round(flood.bytes / 1024 / 1024),
      sentStates: flood.states,
      ...figures('', under),
      floor: 'the same without the flood',
      ...figures('floor', floor),
      sigtermMs: round(stopMs),
      reach: 'ackP99Ms <= 1000, signInP99Ms <= 1000, rssMaxMiB <= 400, sigtermMs <= 10000',
    });
  } finally {
    await fleet.stop({ keep: false });
  }
}

function figures(prefix, { acks, signIns, lost, failedSignIns, rssMax }) {
  const named = {
    ackP50Ms: round(percentile(acks, 50)),
    ackP99Ms: round(percentile(acks, 99)),
    notAcknowledged: lost,
    signInP50Ms: round(percentile(signIns, 50)),
    signInP99Ms: round(percentile(signIns, 99)),
    signInsFailed: failedSignIns,
    rssMaxMiB: round(rssMax / 1024 / 1024),
  };
  if (prefix === '') return named;
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [prefix + key[0].toUpperCase() + key.slice(1), value]),
  );
}

async function measure(fleet, pid, node, forMs) {
  const end = performance.now() + forMs;
  const signIns = [];
  let [rssMax, failedSignIns] = [0, 0];
  node.latencies.length = 0;
  const memory = setInterval(() => {
    rssMax = Math.max(rssMax, rssOf(pid));
  }, 100);
  const people = (async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      const isIn = await signIn(fleet);
      if (!isIn) failedSignIns += 1;
      signIns.push(performance.now() - startedAt);
      await sleep(SIGN_IN_EVERY_MS);
    }
  })();
  while (performance.now() < end) {
    node.transition();
    await sleep(TRANSITION_EVERY_MS);
  }
  await people;
  clearInterval(memory);
  await sleep(1_000);
  return { acks: [...node.latencies], signIns, lost: node.waiting.size, failedSignIns, rssMax };
}

function rssOf(pid) {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * 4096;
}

async function signIn(fleet) {
  const answer = await fetch(`${fleet.consoleUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name: fleet.adminName, password: fleet.adminPassword }),
  }).catch(() => null);
  await answer?.text();
  return answer?.ok ?? false;
}

async function stopTime(pid) {
  const startedAt = performance.now();
  process.kill(pid, 'SIGTERM');
  for (;;) {
    try {
      process.kill(pid, 0);
      // Somebody else's child that has ended and was not waited for yet.
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) break;
    } catch {
      break;
    }
    if (performance.now() - startedAt > 60_000) throw new Error('SIGTERM was not obeyed in a minute');
    await sleep(20);
  }
  return performance.now() - startedAt;
}

/** A node that behaves: one transition after the other, and when each was acknowledged. */
class Node {
  waiting = new Map();
  latencies = [];
  #seq = 0;

  static async connect(identity) {
    const node = new Node();
    node.socket = await open(identity, 'boot-good');
    node.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type !== 'ack') return;
      for (const [seq, sentAt] of node.waiting) {
        if (seq > message.upTo) continue;
        node.latencies.push(performance.now() - sentAt);
        node.waiting.delete(seq);
      }
    });
    return node;
  }

  transition() {
    this.#seq += 1;
    this.waiting.set(this.#seq, performance.now());
    const status = this.#seq % 2 ? 'fail' : 'pass';
    const at = new Date().toISOString();
    const record = { type: 'transition', bootId: 'boot-good', seq: this.#seq, at, previous: null };
    this.socket.send(JSON.stringify({ ...record, verdict: verdict('inbound', status, 'x') }));
  }
}

/** A node that does not: it comes back at once when it is turned away. */
class Flood {
  bytes = 0;
  states = 0;
  #identity;
  #isOver = false;
  #round = 0;

  constructor(identity) {
    this.#identity = identity;
  }

  start() {
    this.#run().catch((error) => say(`the flood: ${error.message}`));
  }

  stop() {
    this.#isOver = true;
  }

  async #run() {
    while (!this.#isOver) {
      const bootId = `boot-${this.#round}`;
      const socket = await open(this.#identity, bootId).catch(() => null);
      for (let seq = 1; socket?.readyState === WebSocket.OPEN && !this.#isOver; seq += 1) {
        if (socket.bufferedAmount < BUFFERED_BYTES_MAX) this.#sendSome(socket, bootId, seq);
        else await sleep(1);
        if (seq % 8 === 0) await sleep(0);
      }
      socket?.terminate();
      await sleep(10);
    }
  }

  #sendSome(socket, bootId, seq) {
    this.#round += 1;
    const status = this.#round % 2 ? 'fail' : 'pass';
    const at = new Date().toISOString();
    const verdicts = Array.from({ length: VERDICTS }, (_, n) =>
      verdict(`listener ${n}`, status, `round ${this.#round}`),
    );
    const whole = {
      type: 'state',
      digest: stateDigest(verdicts),
      part: 1,
      parts: 1,
      observedAt: at,
      verdicts,
    };
    this.states += 1;
    this.#send(socket, whole);
    this.#send(socket, {
      type: 'transition',
      bootId,
      seq,
      at,
      previous: null,
      verdict: verdict('x', status, at),
    });
  }

  #send(socket, message) {
    const text = JSON.stringify(message);
    this.bytes += text.length;
    socket.send(text);
  }
}
