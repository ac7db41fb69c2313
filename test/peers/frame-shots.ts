import { hello, state, transition, verdict } from '../../packages/server/testing/agent.js';
import type { Seeded } from './seeded.js';

const AT = '2026-11-23T09:00:00.000Z';
const DIGEST = `sha256:${'0'.repeat(64)}`;
const PLAN = {
  schema: 'castellan.plan/1',
  remediation: 'tls-protocols',
  title: 't',
  fixes: [],
  params: {},
  changes: [{ kind: 'file', target: '/x', summary: 's', before: null, after: null, diff: 'd' }],
  effects: [],
  risk: 'r',
  verification: [],
  notes: [],
  digest: DIGEST,
};

/** What an honest node says, one of each kind. */
export const AGENT_SAYS: readonly object[] = [
  hello(),
  transition(1),
  state([verdict()]),
  {
    type: 'heartbeat',
    at: AT,
    stateDigest: null,
    watchers: [{ name: 'trees', provenAt: AT }],
    spool: { records: 0, bytes: 0, droppedTotal: 0 },
    configuration: { repository: 'uuid-1', path: '/boot/default', revision: 1 },
  },
  { type: 'dropped', bootId: 'boot-1', seq: 2, count: 1, from: AT, to: AT },
  {
    type: 'run',
    bootId: 'boot-1',
    seq: 3,
    event: {
      ...{ runId: 'run-1', index: 1, at: AT, state: 'applying', line: 'x' },
      revision: { repository: 'uuid-1', number: 2 },
    },
  },
  { type: 'plan', commandId: 'c', plan: PLAN, error: null },
  { type: 'certificateRequest', requestId: 'r', csr: 'x', clock: AT },
  { type: 'serviceCertificateRequest', requestId: 'r', runId: 'run-1', target: '/x', csr: 'x', clock: AT },
];

/** What an honest server says, one of each kind. */
export const SERVER_SAYS: readonly object[] = [
  {
    type: 'welcome',
    protocol: 1,
    nodeId: 'nod-1',
    serverTime: AT,
    heartbeatMs: 1000,
    reconnectWindowMs: 1000,
    credit: 256,
  },
  { type: 'ack', bootId: 'boot-1', upTo: 1 },
  { type: 'heartbeatAck', at: AT },
  { type: 'needFull', why: 'x' },
  { type: 'command', commandId: 'c', jws: 'a.b.c' },
  { type: 'certificate', requestId: 'r', certificate: 'x', error: null },
  { type: 'serviceCertificate', requestId: 'r', certificate: 'x', error: null },
  { type: 'retry', afterMs: 1, reason: 'x' },
  { type: 'drain', withinMs: 1 },
  { type: 'error', code: 'CAS_INTERNAL', detail: 'x' },
];

const EXTREMES: readonly string[] = [
  '-1',
  '0',
  '1e308',
  '-1e308',
  '1e999',
  '9007199254740993',
  '0.5',
  '2147483648',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e"',
  '"2026-99-99T99:99:99Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"0000-00-00T00:00:00Z"',
  `"${'x'.repeat(70_000)}"`,
  '['.repeat(3_000) + ']'.repeat(3_000),
  `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
  '{"__proto__":{"x":1}}',
  '{"toJSON":1,"constructor":2,"length":-1}',
  `[${Array(5_000).fill('1').join(',')}]`,
];

/** JSON text of a message with one member, at any depth, exchanged, doubled or left out. */
export function spoiltMessage(seeded: Seeded, says: readonly object[]): string {
  const message = structuredClone(seeded.pick(says)) as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (value !== message || key !== 'type') places.push([value as Record<string, unknown>, key]);
      walk(member);
    }
  };
  walk(message);
  const [owner, key] = seeded.pick(places);
  const kind = seeded.below(10);
  if (kind === 0) delete owner[key];
  else if (kind === 1) owner['another'] = owner[key];
  else owner[key] = '<here>';
  return JSON.stringify(message).replaceAll('"<here>"', () => seeded.pick(EXTREMES));
}

const NOT_MESSAGES = [
  '',
  '[]',
  '1',
  'null',
  '"x"',
  '{',
  '{"type":',
  '{"type":1}',
  '{"type":"__proto__"}',
  '\u0000',
];

/** One frame's bytes. A client's frames are masked, or not, as no library would make them. */
export function frameShot(seeded: Seeded, says: readonly object[], isMasked: boolean): Buffer {
  const kind = seeded.below(12);
  if (kind === 0) return seeded.bytes(1 + seeded.below(200));
  if (kind === 1) return frame({ first: 0x83 + seeded.below(5), body: seeded.bytes(10), isMasked });
  if (kind === 2)
    return frame({ first: 0x81 | (0x10 << seeded.below(3)), body: Buffer.from('{}'), isMasked });
  if (kind === 3) return Buffer.from([0x81, (isMasked ? 0x80 : 0) | 127, 0x7f, ...seeded.bytes(11)]);
  if (kind === 4)
    return Buffer.from([0x82, (isMasked ? 0x80 : 0) | 127, 0, 0, 0, 0, 0xff, ...seeded.bytes(20)]);
  if (kind === 5) return fragments(seeded, isMasked);
  if (kind === 6) return frame({ first: 0x81, body: Buffer.from('{}'), isMasked: !isMasked });
  if (kind === 7) return frame({ first: 0x81, body: Buffer.from([0x7b, 0xc3, 0x28, 0xff, 0x7d]), isMasked });
  if (kind === 8)
    return frame({ first: 0x88 + seeded.below(3), body: seeded.bytes(seeded.below(140)), isMasked });
  if (kind === 9) return frame({ first: 0x81, body: Buffer.from(seeded.pick(NOT_MESSAGES)), isMasked });
  return frame({ first: 0x81, body: Buffer.from(spoiltMessage(seeded, says)), isMasked });
}

function fragments(seeded: Seeded, isMasked: boolean): Buffer {
  const parts = Array.from({ length: 1 + seeded.below(40) }, (_, n) =>
    frame({ first: n === 0 ? 0x01 : seeded.unit() < 0.1 ? 0x01 : 0x00, body: seeded.bytes(3), isMasked }),
  );
  return Buffer.concat(parts);
}

export function frame(of: { first: number; body: Buffer; isMasked: boolean }): Buffer {
  const { first, body, isMasked } = of;
  const mask = isMasked ? 0x80 : 0;
  const length =
    body.length < 126
      ? [mask | body.length]
      : body.length < 65_536
        ? [mask | 126, body.length >> 8, body.length & 255]
        : [
            mask | 127,
            0,
            0,
            0,
            0,
            (body.length >>> 24) & 255,
            (body.length >>> 16) & 255,
            (body.length >>> 8) & 255,
            body.length & 255,
          ];
  // A mask of zeros is a mask: the body stays as it is.
  return Buffer.concat([Buffer.from([first, ...length]), isMasked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}
