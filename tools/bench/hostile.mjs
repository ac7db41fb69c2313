// One enrolled node sends whole states, each different, and transitions, as fast as its link takes them. Measured of
// everybody else: the acknowledgement of another node's transition, a sign-in, the server's memory, and how long SIGTERM
// takes at the end, in the middle of the flood. The floor is the same without the flood, on the same server.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { stateDigest } from '../../packages/shared/dist/model/state-digest.js';
import { Fleet } from '../../test/standin/dist/demo/fleet.js';
import { sleep } from './fleet.mjs';
import { percentile, report, round, say } from './measure.mjs';

const fromServer = createRequire(new URL('../../packages/server/package.json', import.meta.url));
const { WebSocket } = fromServer('ws');
fromServer('reflect-metadata');
const x509 = fromServer('@peculiar/x509');

const FLOOD_MS = Number(process.env.CASTELLAN_BENCH_FLOOD_MS ?? 60_000);
const FLOOR_MS = 15_000;
const TRANSITION_EVERY_MS = 100;
const SIGN_IN_EVERY_MS = 4_000;
const VERDICTS = 64;
const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function benchHostile() {
  const silent = { step: () => undefined, plain: () => undefined };
  const fleet = new Fleet(silent, [], { heartbeatMs: 60_000 });
  try {
    await fleet.startServer();
    const { pid } = fleet.programs.find(({ name }) => name === 'server');
    const [good, bad] = [await enrol(fleet, 'good.example.com'), await enrol(fleet, 'bad.example.com')];
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

/** Joins as an agent would: the key is made here. */
async function enrol(fleet, name) {
  const order = { group: 'mta', ttlSeconds: 600, uses: 1 };
  const { token } = await fleet.rest.post('/tokens', order);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const keys = {
    publicKey: await crypto.subtle.importKey('spki', spki, EC, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, EC, true, ['sign']),
  };
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: EC,
  });
  const { Agent, request } = fromServer('undici');
  const answer = await request(`${fleet.agentsUrl}/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name, csr: csr.toString('pem'), agentVersion: '0.0.0-bench' }),
    dispatcher: new Agent({ connect: { rejectUnauthorized: false } }),
  });
  const body = await answer.body.json();
  if (answer.statusCode !== 200) throw new Error(`enrolment: ${JSON.stringify(body)}`);
  return { ...body, name, keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

async function open(identity, bootId) {
  const { url, authority, certificate, keyPem, name } = identity;
  const socket = new WebSocket(url, {
    ca: authority,
    cert: certificate,
    key: keyPem,
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => socket.terminate());
  const description = {
    name,
    roles: ['mta'],
    os: 'Debian',
    momentum: { version: '3.6.6', from: 'console' },
    tls: { library: 'openssl', version: '1.0.1' },
  };
  const versions = { protocolMin: 1, protocolMax: 1, caps: [], agentVersion: '0.0.0-bench' };
  const clock = new Date().toISOString();
  socket.send(JSON.stringify({ type: 'hello', ...versions, bootId, clock, description, stateDigest: null }));
  return socket;
}

function verdict(subject, status, summary) {
  const place = { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 12 };
  return {
    control: 'MOM-TLS-001',
    title: 'x',
    severity: 'high',
    status,
    subject,
    summary,
    violations: status === 'fail' ? [{ at: place, found: '+ALL' }] : [],
    reason: null,
    remediation: null,
    sources: [],
  };
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
