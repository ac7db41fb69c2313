import { describe, expect, test } from 'vitest';
import { noNet } from '../../../testing/no-net.js';
import type { ServedTls, WireAnswer, WireVersion } from '../../facts/parts/served-tls.js';
import type { ExchangeResult, Net } from '../../ports/net.js';
import { toldBy, versionAnswer } from './answer.js';
import { Asker, PROBE_BOUNDS } from './asker.js';
import { probeListener } from './probe-listener.js';

type Heard = Extract<ExchangeResult, { kind: 'heard' }>;

const heard = (hex: string, end: Heard['end'] = 'enough'): Heard => ({
  kind: 'heard',
  bytes: Buffer.from(hex, 'hex'),
  end,
});
const alert = (code: number) => heard(`1503010002${'02'}${code.toString(16).padStart(2, '0')}`);
const hello = (version: string) => heard(`160301002a02000026${version}${'00'.repeat(32)}00${'002f'}00`);
const TARGET = { host: '127.0.0.1', port: 25, preamble: 'none' } as const;

describe('what proves what', () => {
  test.each<[string, WireVersion, Heard, boolean, WireAnswer]>([
    ['a ServerHello of the version', 'TLSv1.0', hello('0301'), true, 'offered'],
    ['a ServerHello of an older one', 'TLSv1.2', hello('0301'), true, 'not-offered'],
    ['a ServerHello of a newer one', 'SSLv3', hello('0301'), true, 'inconclusive'],
    ['a ServerHello of no version', 'TLSv1.2', hello('0200'), true, 'inconclusive'],
    ['alert 40', 'SSLv3', alert(40), true, 'not-offered'],
    ['alert 47', 'SSLv3', alert(47), true, 'not-offered'],
    ['alert 70', 'SSLv3', alert(70), false, 'not-offered'],
    ['alert 80', 'TLSv1.1', alert(80), true, 'not-offered'],
    ['alert 86', 'TLSv1.1', alert(86), true, 'not-offered'],
    ['any other alert', 'TLSv1.1', alert(10), true, 'inconclusive'],
    ['any alert to an SSL 2.0 hello', 'SSLv2', alert(10), true, 'not-offered'],
    ['TLS to an SSL 2.0 hello', 'SSLv2', hello('0301'), true, 'not-offered'],
    ['silence', 'SSLv3', heard('', 'silent'), true, 'inconclusive'],
    ['silence in the middle', 'SSLv3', heard('160300', 'silent'), true, 'inconclusive'],
    ['closed, by what answers others', 'SSLv3', heard('', 'closed'), true, 'not-offered'],
    ['reset, by what answers others', 'SSLv2', heard('', 'reset'), true, 'not-offered'],
    ['closed, by what answered nothing', 'SSLv3', heard('', 'closed'), false, 'inconclusive'],
    ['reset, by what answered nothing', 'SSLv3', heard('', 'reset'), false, 'inconclusive'],
    ['closed in the middle', 'SSLv3', heard('160300', 'closed'), true, 'inconclusive'],
    ['an unexpected byte', 'SSLv3', heard('35'), true, 'inconclusive'],
    ['more than is read', 'SSLv3', heard('160300ffff', 'too-long'), true, 'inconclusive'],
  ])('%s (%s)', (_, version, result, speaksTls, answer) => {
    expect(versionAnswer(version, toldBy(result, 3000), speaksTls)).toMatchObject({ answer });
  });
});

/** Time that passes only where somebody sleeps, or a connection takes it. */
function ownTime() {
  let nowMs = 0;
  const slept: number[] = [];
  return {
    slept,
    pass: (ms: number) => {
      nowMs += ms;
    },
    clock: {
      now: () => nowMs,
      sleep: (ms: number) => {
        slept.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    },
  };
}

function asker(exchange: Net['exchange'], time = ownTime()) {
  const signal = new AbortController().signal;
  return { time, asker: new Asker({ net: noNet({ exchange }), clock: time.clock, signal }, TARGET) };
}

describe('what a probe takes', () => {
  test(`${PROBE_BOUNDS.burst} connections at once, then ${PROBE_BOUNDS.perSecond} a second, and no more than ${PROBE_BOUNDS.connectionsMax}`, async () => {
    let open = 0;
    let openMost = 0;
    const { asker: one, time } = asker(async () => {
      open += 1;
      openMost = Math.max(openMost, open);
      await Promise.resolve();
      open -= 1;
      return alert(40);
    });
    for (let at = 0; at < PROBE_BOUNDS.connectionsMax; at += 1) await one.ask(Buffer.alloc(0));
    expect(time.slept.length).toBe(PROBE_BOUNDS.connectionsMax - PROBE_BOUNDS.burst);
    expect(time.slept.every((ms) => Math.round(ms) === 1000 / PROBE_BOUNDS.perSecond)).toBe(true);
    expect(openMost).toBe(1);
    expect(await one.ask(Buffer.alloc(0))).toMatchObject({ kind: 'unclear', reason: /connections/ });
    expect(one.connections).toBe(PROBE_BOUNDS.connectionsMax);
  });

  test('no more time than it has: the last connections get what is left, then none is made', async () => {
    const time = ownTime();
    const given: number[] = [];
    const { asker: one } = asker(async ({ timeoutMs }) => {
      given.push(timeoutMs);
      time.pass(timeoutMs);
      return heard('', 'silent');
    }, time);
    for (let at = 0; at < PROBE_BOUNDS.burst; at += 1) await one.ask(Buffer.alloc(0));
    expect(given.reduce((sum, ms) => sum + ms, 0)).toBe(PROBE_BOUNDS.totalMs);
    expect(await one.ask(Buffer.alloc(0))).toMatchObject({ kind: 'unclear' });
  });

  test('no more bytes than it may read, of all connections together', async () => {
    const asked: number[] = [];
    const { asker: one } = asker(async ({ bytesMax }) => {
      asked.push(bytesMax);
      return { kind: 'heard', bytes: Buffer.alloc(bytesMax, 0x16), end: 'too-long' };
    });
    for (let at = 0; at < 12; at += 1) await one.ask(Buffer.alloc(0));
    expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBe(PROBE_BOUNDS.bytesMax);
  });

  test('a listener that lets nobody in is not asked again', async () => {
    let asked = 0;
    const exchange: Net['exchange'] = async () => {
      asked += 1;
      return asked < 3 ? hello('0301') : { kind: 'inconclusive', detail: 'greeted with 421' };
    };
    const time = ownTime();
    const signal = new AbortController().signal;
    const seen = (await probeListener(
      { net: noNet({ exchange }), clock: time.clock, signal },
      TARGET,
    )) as ServedTls;
    expect(asked).toBe(3);
    expect(seen.versions.map(({ version, answer }) => [version, answer])).toEqual([
      ['SSLv2', 'inconclusive'],
      ['SSLv3', 'inconclusive'],
      ['TLSv1.0', 'inconclusive'],
      ['TLSv1.1', 'inconclusive'],
      ['TLSv1.2', 'not-offered'],
      ['TLSv1.3', 'not-offered'],
    ]);
  });

  test.each([
    { kind: 'closed', detail: 'nothing listens' },
    { kind: 'no-tls', detail: 'SMTP without STARTTLS' },
    { kind: 'inconclusive', detail: 'greeted with 421' },
    { kind: 'forbidden', detail: 'probing is switched off' },
  ] as const)('$kind at once is the whole answer', async (unseen) => {
    const time = ownTime();
    const ports = {
      net: noNet({ exchange: async () => unseen }),
      clock: time.clock,
      signal: new AbortController().signal,
    };
    expect(await probeListener(ports, TARGET)).toEqual(unseen);
  });
});
