import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import { selfSigned } from '../../packages/agent/src/knowledge/certificates/self-signed.js';
import { readIdentity, writeIdentity } from '../../packages/agent/src/link/identity.js';
import { beginRemembering, remember } from '../../packages/agent/src/link/remembered.js';
import { writtenRuns } from '../../packages/agent/src/runner/journal.js';
import { Spool } from '../../packages/agent/src/spool/spool.js';
import { DoubleNode } from './double-node.js';
import { carryOut, faultyExecutor } from './faulty-executor.js';

const NOW_S = 1_800_000_000;
const TEST_MS = 240_000;
/** Of a file that is longer, bits are flipped at this many places. */
const FLIPS_MAX = 400;
const clock = { now: () => NOW_S * 1000, sleep: () => Promise.resolve() };
const command: CommandPayload = {
  kind: 'plan',
  iss: 's',
  aud: 'n',
  jti: 'c1',
  iat: NOW_S,
  exp: NOW_S + 600,
  remediation: 'sample',
  params: {},
};

let node: DoubleNode;
let folder: string;
let held: { release(): void } | null = null;

/** A state folder as an enrolled agent has it that took a command, carried a run out and could not tell it yet. */
beforeAll(async () => {
  node = await DoubleNode.lay();
  folder = mkdtempSync(join(tmpdir(), 'castellan-damaged-'));
  const store = nodeStateStore(node.state);
  const { keyPem, certificatePem } = await selfSigned({
    commonName: 'mta1',
    altNames: ['DNS:mta1'],
    nowMs: Date.now(),
    days: 10,
  });
  beginRemembering(store);
  writeIdentity(store, {
    nodeId: 'n',
    serverId: 's',
    name: 'mta1',
    url: 'wss://server:8443/agent',
    commandKey: { kty: 'OKP', crv: 'Ed25519', x: publicX() },
    keyPem,
    certificatePem,
    authorityPem: certificatePem,
  });
  remember(command, store, NOW_S);
  const spool = newSpool(node.state);
  spool.open();
  const { events } = await carryOut(faultyExecutor(node), 'permissions-repair', {});
  for (const event of events) spool.addRunEvent(event);
  store.replace('started-at', new Date().toISOString());
  store.replace('canary/files', new Date().toISOString());
  held = nodeRunLock(join(node.state, 'agent.lock')).take();
});
afterAll(() => {
  held?.release();
  node.remove();
  rmSync(folder, { recursive: true });
});

function publicX(): string {
  return String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x);
}

function newSpool(state: string): Spool {
  return new Spool({ store: nodeStateStore(state), clock, bootId: 'b' });
}

/** What must hold of the folder when the file is damaged; by the file's name. */
const JUDGED: readonly (readonly [RegExp, (state: string) => void])[] = [
  [
    /^identity\//,
    (state) =>
      expect(readIdentity(nodeStateStore(state))).toMatchObject({
        ok: false,
        error: { code: 'CAS_STATE_UNUSABLE', detail: expect.stringContaining(`${state}/identity/`) },
      }),
  ],
  [
    /^commands-seen\.json$/,
    (state) => expect(remember(command, nodeStateStore(state), NOW_S + 1)).toMatchObject({ ok: false }),
  ],
  [
    /^spool\//,
    (state) => {
      const { damaged, tornBytes } = newSpool(state).open();
      expect(damaged + tornBytes).toBeGreaterThan(0);
    },
  ],
  [
    /^journal\//,
    (state) => {
      const [run] = writtenRuns(nodeStateStore(state));
      expect(run?.damage !== null || run.cutAt !== null).toBe(true);
    },
  ],
  [/^agent\.lock$/, (state) => expect(nodeRunLock(join(state, 'agent.lock')).take()).toBeNull()],
  // Written for people, for the watcher's own ears, and against hashes in the journal: nobody believes their content.
  [/^(started-at|canary\/|backups\/)/, () => undefined],
];

function filesIn(state: string): string[] {
  return readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(state, name)).isFile(),
  );
}

function* damages(whole: Buffer): Generator<readonly [string, Buffer]> {
  const bits = whole.length * 8;
  const step = Math.max(1, Math.floor(bits / FLIPS_MAX)) | 1;
  for (let bit = 0; bit < bits; bit += step) {
    const content = Buffer.from(whole);
    content.writeUInt8(content.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield [`bit ${bit}`, content];
  }
  for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 40)))
    yield [`cut off after ${length} bytes`, whole.subarray(0, length)];
  yield ['zeroed', Buffer.alloc(whole.length)];
}

test('whatever file of the state folder is damaged, it is seen: never taken for whole, and never for absent', {
  timeout: TEST_MS,
}, () => {
  const state = node.state;
  const seen = new Map<string, Buffer>();
  for (const name of filesIn(state)) seen.set(name, readFileSync(join(state, name)));
  const kinds = ['identity/node.json', 'commands-seen.json', 'spool/', 'journal/', 'agent.lock'];
  for (const kind of kinds) expect([...seen.keys()].some((name) => name.startsWith(kind))).toBe(true);
  for (const [name, whole] of seen) {
    const judge = JUDGED.find(([pattern]) => pattern.test(name))?.[1];
    if (!judge) throw new Error(`nobody says what a damaged ${name} means`);
    for (const [what, content] of damages(whole)) {
      // A file cut off between two lines is a spool, and a journal, of a moment before.
      if (/^(spool|journal)\//.test(name) && isWholeLines(content)) continue;
      writeFileSync(join(state, name), content);
      try {
        judge(state);
      } catch (error) {
        throw new Error(`${name}, ${what}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        restore(state, seen);
      }
    }
  }
});

test('of an identity no file may be missing, and what is there of one is not nothing', () => {
  const store = nodeStateStore(node.state);
  const names = readdirSync(join(node.state, 'identity'));
  expect(names.length).toBe(4);
  for (const name of names) {
    const whole = readFileSync(join(node.state, 'identity', name));
    rmSync(join(node.state, 'identity', name));
    expect(readIdentity(store)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining(`${name} is missing`) },
    });
    store.replace(`identity/${name}`, whole);
  }
  expect(readIdentity(store)).toMatchObject({ ok: true, value: { name: 'mta1' } });
});

test('an identity that an earlier release wrote still serves', () => {
  const store = nodeStateStore(folder);
  const read = readIdentity(nodeStateStore(node.state));
  if (!read.ok || read.value === null) throw new Error('no identity');
  writeIdentity(store, read.value);
  const { sum: _sum, sums: _sums, ...node0 } = JSON.parse(String(store.read('identity/node.json')));
  store.replace('identity/node.json', JSON.stringify(node0));
  expect(readIdentity(store)).toEqual(read);
});

function isWholeLines(content: Buffer): boolean {
  return content.length === 0 || (content.at(-1) === 0x0a && !content.includes(0));
}

/** In place, as a disk would have it: who holds the lock has it open. */
function restore(state: string, whole: ReadonlyMap<string, Buffer>): void {
  for (const name of filesIn(state)) {
    const content = whole.get(name);
    if (content === undefined) rmSync(join(state, name));
    else if (!readFileSync(join(state, name)).equals(content)) writeFileSync(join(state, name), content);
  }
  for (const [name, content] of whole)
    if (!filesIn(state).includes(name)) nodeStateStore(state).replace(name, content);
}
