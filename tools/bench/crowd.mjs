// The rest of a fleet: links that are up, have sent their state, and give their heartbeats.
import { stateDigest } from '../../packages/shared/dist/model/state-digest.js';
import { sleep } from './fleet.mjs';
import { enrol, open, tokenOf, verdict } from './links.mjs';

const AT_ONCE = 4;
const CONNECT_AGAIN_MS = 2_000;
const VERDICTS = 20;
const VERDICT = Array.from({ length: VERDICTS }, (_, n) => verdict(`listener ${n}`, 'pass', 'in order'));
const DIGEST = stateDigest(VERDICT);

/** So many nodes, connected; `end` closes their links. */
export async function gather(fleet, count) {
  const token = await tokenOf(fleet, count);
  const links = [];
  const timers = new Set();
  const names = Array.from({ length: count }, (_, n) => `crowd${n}.example.com`);
  const join = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const link = { identity: await enrol(fleet, token, name), socket: null, isOver: false };
      links.push(link);
      await connect(link, timers);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, join));
  return {
    connected: () => links.filter(({ socket }) => socket?.readyState === 1).length,
    end() {
      for (const timer of timers) clearInterval(timer);
      for (const link of links) {
        link.isOver = true;
        link.socket?.terminate();
      }
    },
  };
}

/** Comes back, as agents do, when the server had no time or no room for it. */
async function connect(link, timers) {
  link.socket = await open(link.identity, 'boot-crowd').catch(() => null);
  const again = () =>
    link.isOver ||
    setTimeout(() => void connect(link, timers), CONNECT_AGAIN_MS * (1 + Math.random())).unref();
  link.socket?.on('message', (data) => answer(link.socket, JSON.parse(String(data)), timers));
  if (link.socket?.readyState === 1) link.socket.on('close', again);
  else again();
}

function answer(socket, message, timers) {
  const say = (what) => socket.readyState === 1 && socket.send(JSON.stringify(what));
  const at = () => new Date().toISOString();
  if (message.type === 'needFull')
    say({ type: 'state', digest: DIGEST, part: 1, parts: 1, observedAt: at(), verdicts: VERDICT });
  if (message.type !== 'welcome') return;
  const spool = { records: 0, bytes: 0, droppedTotal: 0 };
  const beat = () => say({ type: 'heartbeat', at: at(), stateDigest: DIGEST, watchers: [], spool });
  // No two in step.
  void sleep(Math.random() * message.heartbeatMs).then(() => {
    beat();
    timers.add(setInterval(beat, message.heartbeatMs));
  });
}
