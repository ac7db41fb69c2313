import type { CommandPayload } from '@castellan/shared/protocol/command';
import { expect, test } from 'vitest';
import type { StateStore } from '../ports/state-store.js';
import { beginRemembering, remember, rememberedRuns } from './remembered.js';

function memory(): StateStore & { content: Buffer | null } {
  const store = {
    path: '/state',
    content: null as Buffer | null,
    read: () => store.content,
    replace: (_name: string, content: string | Uint8Array) => {
      store.content = Buffer.from(content);
    },
    append: () => undefined,
    list: () => [],
    remove: () => undefined,
  };
  beginRemembering(store);
  return store;
}

const NOW_S = 1_800_000_000;
const command = (jti: string, iat = NOW_S): CommandPayload => ({
  kind: 'apply',
  iss: 's',
  aud: 'n',
  jti,
  iat,
  exp: NOW_S + 600,
  remediation: 'sample',
  params: {},
  runId: `run-${jti}`,
  planDigest: 'd',
});
const codeOf = (result: ReturnType<typeof remember>) => (result.ok ? 'taken' : result.error.code);

test('whichever bit of the file is flipped, no command is carried out twice, and what is lost is said', () => {
  const store = memory();
  expect(codeOf(remember(command('c1'), store, NOW_S))).toBe('taken');
  expect(rememberedRuns(store)).toEqual(['run-c1']);
  const whole = Buffer.from(store.content ?? []);
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    store.content = flipped;
    const again = codeOf(remember(command('c1'), store, NOW_S + 1));
    expect([bit, again]).toEqual([bit, expect.stringMatching(/^CAS_(STATE_UNUSABLE|COMMAND_REPLAYED)$/)]);
    expect([bit, codeOf(remember(command('c1'), store, NOW_S + 2))]).toEqual([bit, again]);
    expect([bit, codeOf(remember(command('c2', NOW_S + 120), store, NOW_S + 120))]).toEqual([bit, 'taken']);
  }
});

test('what an earlier release remembered is still known', () => {
  const store = memory();
  store.replace('', JSON.stringify([['c1', NOW_S + 600]]));
  expect(codeOf(remember(command('c1'), store, NOW_S))).toBe('CAS_COMMAND_REPLAYED');
  expect(codeOf(remember(command('c2'), store, NOW_S))).toBe('taken');
  expect(codeOf(remember(command('c1'), store, NOW_S))).toBe('CAS_COMMAND_REPLAYED');
});

test('a file that is gone after the node was enrolled is not one that never was', () => {
  const store = memory();
  expect(codeOf(remember(command('c1'), store, NOW_S))).toBe('taken');
  store.content = null;
  expect(codeOf(remember(command('c1'), store, NOW_S + 1))).toBe('CAS_STATE_UNUSABLE');
  // Enrolled anew: what is known stays.
  beginRemembering(store);
  expect(codeOf(remember(command('c1'), store, NOW_S + 2))).toBe('CAS_STATE_UNUSABLE');
  expect(codeOf(remember(command('c2', NOW_S + 120), store, NOW_S + 120))).toBe('taken');
});
