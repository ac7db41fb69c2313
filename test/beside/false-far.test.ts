import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readFarProgram } from '../../packages/agent/src/adapters/beside/far-program.js';
import { openSession, WAITING_MAX } from '../../packages/agent/src/adapters/beside/far-session.js';
import { LookStore } from '../../packages/agent/src/adapters/beside/look-store.js';

const FALSE_FAR = fileURLToPath(new URL('false-far.mjs', import.meta.url));

afterEach(() => vi.unstubAllEnvs());

function open(how: string, signal = new AbortController().signal) {
  // The session passes this on, as it does to ssh.
  vi.stubEnv('USER', how);
  return openSession({
    target: { user: 'root', host: 'mta1' },
    ssh: { configFile: null, knownHostsFile: '/dev/null' },
    program: readFarProgram(),
    marker: '0123456789abcdef'.repeat(2),
    signal,
    sshProgram: FALSE_FAR,
  });
}

describe('a false far side gets no session', () => {
  test.each([
    ['success', 'CAS_BESIDE_PROTOCOL', 'ended before the far program answered (exit 0)'],
    ['failure', 'CAS_BESIDE_PROTOCOL', '(exit 255)'],
    ['noise', 'CAS_BESIDE_PROTOCOL', 'more than 65536 bytes were printed'],
    ['endless', 'CAS_BESIDE_PROTOCOL', 'a frame of 4294967295 bytes'],
    ['talkative', 'CAS_BESIDE_PROTOCOL', 'an answer to request 77'],
    ['garbage', 'CAS_BESIDE_PROTOCOL', 'a frame of 1094795585 bytes'],
    ['another', 'CAS_BESIDE_PROTOCOL', 'did not arrive as it was sent'],
    ['later', 'CAS_BESIDE_PROTOCOL', 'speaks protocol 2'],
  ])('%s', async (how, code, detail) => {
    await expect(open(how)).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
  });
});

describe('a far side that goes wrong later is believed nothing more', () => {
  test.each([
    ['exits', 'CAS_BESIDE_LOST', 'ended in the middle'],
    ['number', 'CAS_BESIDE_PROTOCOL', 'which nobody asked'],
    ['flood', 'CAS_BESIDE_PROTOCOL', 'an answer of more than'],
    ['torn', 'CAS_BESIDE_PROTOCOL', 'not whole'],
    ['kind', 'CAS_BESIDE_PROTOCOL', 'has no end'],
    ['few', 'CAS_BESIDE_PROTOCOL', 'did not answer what it was asked'],
    ['wrong', 'CAS_BESIDE_PROTOCOL', 'did not answer what it was asked'],
  ])('%s', async (how, code, detail) => {
    const session = await open(how);
    const store = new LookStore(session);
    expect(store.get('/etc', true, null)).toBeNull();
    await expect(store.fetch()).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
    await session.close();
  });

  test('silence ends when whoever waits gives up, and so does everything behind it', async () => {
    const stop = new AbortController();
    const session = await open('silent', stop.signal);
    const asked = Array.from({ length: WAITING_MAX }, () => session.request('L', [], 1000));
    const settled = Promise.allSettled(asked);
    await expect(session.request('L', [], 1000)).rejects.toThrow(`more than ${WAITING_MAX} requests`);
    stop.abort();
    expect(new Set((await settled).map(({ status }) => status))).toEqual(new Set(['rejected']));
  });
});
