import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  connectedAgent,
  type Enrolled,
  enrol,
  hello,
  type TestAgent,
  transition,
} from '../../packages/server/testing/agent.js';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { newToken, startServerOnly } from './fleet.js';

const MIB = 1024 * 1024;

let server: Fleet;
let identity: Enrolled;
let bystander: Enrolled;
beforeAll(async () => {
  server = await startServerOnly();
  identity = (await enrol(server, await newToken(server), { name: 'mta1.example.com' })).enrolled;
  bystander = (await enrol(server, await newToken(server), { name: 'mta2.example.com' })).enrolled;
});
afterAll(() => server.stop({ keep: false }));

const text = (frame: string) => (agent: TestAgent) => agent.send(frame);
const bytes = (frame: Buffer, binary: boolean) => (agent: TestAgent) => agent.socket.send(frame, { binary });

/** Close codes as the README of the gateway names them. Code null: the connection ends before a message can be read. */
const FRAMES: readonly (readonly [
  name: string,
  send: (agent: TestAgent) => void,
  closeCode: number,
  code: string | null,
])[] = [
  ['that is not JSON', text('{"type":'), 1008, 'CAS_FRAME_NOT_JSON'],
  ['that is empty', text(''), 1008, 'CAS_FRAME_NOT_JSON'],
  ['that is JSON, but no object', text('[1,2,3]'), 1008, 'CAS_FRAME_NOT_JSON'],
  ['that nests a hundred thousand deep', text('['.repeat(100_000)), 1008, 'CAS_FRAME_NOT_JSON'],
  ['of bytes in place of text', bytes(Buffer.from('{"type":"heartbeat"}'), true), 1008, 'CAS_FRAME_NOT_JSON'],
  ['that is no UTF-8', bytes(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), false), 1007, null],
  ['without a type', text('{"__proto__":{"type":"hello"}}'), 1008, 'CAS_FRAME_INVALID'],
  ['of an unknown type', text('{"type":"reboot"}'), 1008, 'CAS_MESSAGE_UNKNOWN'],
  ['of a type that every object has', text('{"type":"constructor"}'), 1008, 'CAS_MESSAGE_UNKNOWN'],
  ['that does not fit its schema', text('{"type":"transition","seq":-1}'), 1008, 'CAS_FRAME_INVALID'],
  ['that is a second hello', text(JSON.stringify(hello())), 1008, 'CAS_FRAME_INVALID'],
  ['of more than 1 MiB', text(`{"type":"heartbeat","x":"${'x'.repeat(MIB)}"}`), 1009, null],
  ['of 20 MiB', text('x'.repeat(20 * MIB)), 1009, null],
];

/** Somebody else reports as before. The server counts on within a boot, so each scan is a boot of its own. */
async function othersAreServed(bootId: string): Promise<void> {
  const other = await connectedAgent(bystander, { bootId });
  other.send(transition(1, {}, bootId));
  expect(await other.take('ack')).toEqual({ type: 'ack', bootId, upTo: 1 });
  await other.close();
}

test.each(FRAMES)('a frame %s ends its session, and nothing else', async (name, send, closeCode, code) => {
  const steady = await connectedAgent(bystander, { bootId: 'steady' });
  const agent = await connectedAgent(identity);
  send(agent);
  if (code !== null) expect(await agent.take('error')).toMatchObject({ code });
  expect((await agent.closed).code).toBe(closeCode);
  expect(steady.socket.readyState).toBe(steady.socket.OPEN);
  await steady.close();
  await othersAreServed(`after ${name}`.replaceAll(/[^a-z0-9]/gi, '-').slice(0, 60));
  // Nor is the node itself locked out.
  await (await connectedAgent(identity)).close();
});

test.each([
  ['of another version', JSON.stringify(hello({ protocolMin: 7, protocolMax: 9 })), 'CAS_PROTOCOL_VERSION'],
  ['that comes before hello', JSON.stringify(transition(1)), 'CAS_FRAME_INVALID'],
  ['that is not JSON', 'GET / HTTP/1.1\r\n\r\n', 'CAS_FRAME_NOT_JSON'],
])('a first frame %s is refused with 1008', async (_name, frame, code) => {
  const agent = await connect(identity);
  if (!('socket' in agent)) throw new Error(JSON.stringify(agent));
  agent.send(frame);
  expect(await agent.take('error')).toMatchObject({ code });
  expect((await agent.closed).code).toBe(1008);
  await othersAreServed(`after-${code}`);
});

test('nothing of it was stored, and it is counted', async () => {
  const answer = await fetch(`${server.consoleUrl}/metrics`, { headers: { cookie: server.rest.cookie } });
  const metrics = await answer.text();
  for (const [, , , code] of FRAMES) if (code !== null) expect(metrics).toContain(`"${code}"`);
  expect(metrics).toContain('"CAS_FRAME_TOO_LARGE"');
  const { items } = await server.rest.get<{ items: { node: { name: string } }[] }>('/findings?state=all');
  expect(items.filter(({ node }) => node.name === 'mta1.example.com')).toEqual([]);
});
