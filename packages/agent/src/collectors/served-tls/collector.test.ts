import { expect, test } from 'vitest';
import { caseConfig, caseVersion } from '../../../testing/cases/config.js';
import { noNet } from '../../../testing/no-net.js';
import type { ServedTlsFact } from '../../facts/served-tls.js';
import type { ExchangeRequest, Net } from '../../ports/net.js';
import type { CollectContext } from '../../units/fact.js';
import collector, { LISTENERS_MAX } from './collector.js';
import { RECENT_MS_MAX } from './recent.js';

type Context = CollectContext<'momentumConfig' | 'momentumVersion'>;

const listens = (names: readonly string[], more = '') =>
  `ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n${more}${names.map((name) => `  Listen "${name}" { }\n`).join('')}}\n`;
const ALERT_70 = Buffer.from('15030100020246', 'hex');

/** Every hello is refused, which shows TLS; `answer` may say something else. */
function node(answer?: (request: ExchangeRequest) => ReturnType<Net['exchange']>) {
  const asked: string[] = [];
  let nowMs = 0;
  const busy = new Map<string, number>();
  let widest = 0;
  const net = noNet({
    exchange: async (request) => {
      const where = `${request.host}:${request.port}`;
      asked.push(where);
      busy.set(where, (busy.get(where) ?? 0) + 1);
      expect(busy.get(where)).toBe(1);
      widest = Math.max(widest, [...busy.values()].filter((count) => count > 0).length);
      await new Promise((resolve) => setImmediate(resolve));
      busy.set(where, 0);
      return (await answer?.(request)) ?? { kind: 'heard', bytes: ALERT_70, end: 'enough' };
    },
  });
  const collect = async (text: string, settings: { probe?: boolean; live?: boolean } = {}) =>
    (await collector.collect({
      net,
      facts: { ...caseConfig(text), ...caseVersion('3.6.6') },
      clock: {
        now: () => nowMs,
        sleep: (ms: number) => {
          nowMs += ms;
          return Promise.resolve();
        },
      },
      signal: new AbortController().signal,
      settings: { probe: true, live: true, nodeName: null, assumeMomentum: null, ...settings },
      files: { lstat: () => ({ ok: false, problem: 'denied', detail: '' }) },
      exec: { run: () => Promise.resolve({ kind: 'failed', detail: 'no programs here' }) },
    } as unknown as Context)) as ServedTlsFact;
  return {
    asked,
    collect,
    pass: (ms: number) => {
      nowMs += ms;
    },
    widest: () => widest,
  };
}

test.each([
  [{ live: false }, 'the tree is no running node'],
  [{ probe: false }, 'probing is switched off'],
])('%j: nothing is asked', async (settings, notProbed) => {
  const { collect, asked } = node();
  expect(await collect(listens([':25']), settings)).toEqual({ listeners: [], notProbed });
  expect(asked).toEqual([]);
});

test('each listen is one target, two side by side at most; a socket of the file system is none', async () => {
  const { collect, asked, widest } = node();
  const { listeners } = await collect(listens([':25', '127.0.0.1:587', '[::1]:2525', '/tmp/smtp']));
  expect(
    listeners.map(({ subject, endpoint, wire }) => [subject, endpoint.host, endpoint.port, wire.state]),
  ).toEqual([
    ['inbound Esmtp_Listener::Listen:\\:25:', '*', 25, 'seen'],
    ['inbound Esmtp_Listener::Listen:127.0.0.1\\:587:', '127.0.0.1', 587, 'seen'],
    ['inbound Esmtp_Listener::Listen:[\\:\\:1]\\:2525:', '::1', 2525, 'seen'],
  ]);
  expect([new Set(asked).size, widest()]).toEqual([3, 2]);
});

test('what was seen is not asked again between two full scans, unless what decides about it changed', async () => {
  const { collect, asked, pass } = node();
  await collect(listens([':25']));
  const once = asked.length;
  await collect(listens([':25']));
  expect(asked.length).toBe(once);
  await collect(`TLS_Protocols = "+ALL:-SSLv3"\n${listens([':25'])}`);
  expect(asked.length).toBe(2 * once);
  pass(RECENT_MS_MAX);
  await collect(listens([':25']));
  expect(asked.length).toBe(3 * once);
});

test('a listener that gives no answer is asked again, and never said to refuse', async () => {
  const { collect, asked } = node(async () => ({ kind: 'inconclusive', detail: 'greeted with 421' }));
  for (const times of [1, 2]) {
    const { listeners } = await collect(listens([':25']));
    expect(listeners[0]?.wire).toEqual({ state: 'inconclusive', why: 'greeted with 421' });
    expect(asked.length).toBe(times);
  }
});

test(`no more than ${LISTENERS_MAX} are asked; the rest is inconclusive`, async () => {
  const { collect } = node(async () => ({ kind: 'closed', detail: 'nothing listens there' }));
  const names = Array.from({ length: LISTENERS_MAX + 1 }, (_, at) => `:${25 + at}`);
  const { listeners } = await collect(listens(names));
  expect(listeners.map(({ wire }) => wire.state)).toEqual([
    ...Array(LISTENERS_MAX).fill('closed'),
    'inconclusive',
  ]);
});
