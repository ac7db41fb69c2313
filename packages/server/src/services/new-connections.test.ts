import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../testing/server.js';
import { type KnownConnections, limitNewConnections } from './new-connections.js';

const LIMITS = { perPlace: 3, total: 5, firstRequestMs: 60_000 };

async function setUp(limits = LIMITS, isExempt?: (address: string) => boolean) {
  let known: KnownConnections | null = null;
  const server: Server = createServer((asked, answer) => {
    if (asked.url === '/known') known?.know(asked.socket);
    answer.end('here');
  });
  server.keepAliveTimeout = 60_000;
  known = limitNewConnections(server, { limits, ...(isExempt ? { isExempt } : {}) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    open: async (from = '127.0.0.1', says = '') => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      const isOver = { value: false };
      socket.on('close', () => {
        isOver.value = true;
      });
      await new Promise((resolve) => socket.once('connect', resolve));
      let heard = '';
      socket.on('data', (bytes) => {
        heard += String(bytes);
      });
      if (says !== '') {
        socket.write(`GET ${says} HTTP/1.1\r\nHost: x\r\n\r\n`);
        await eventually(() => heard.includes('here'), 'the answer');
      }
      return { socket, isOver: () => isOver.value };
    },
    ask: () =>
      new Promise<number>((resolve, reject) => {
        request({ port, host: '127.0.0.1', localAddress: '127.0.0.9' }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      }),
  };
}

const active = (all: readonly { isOver(): boolean }[]) => all.map((one) => !one.isOver());

test('of one place the oldest gives way to the newest, and at the bound nobody does', async () => {
  const { open } = await setUp();
  const all = [await open(), await open(), await open()];
  expect(active(all)).toEqual([true, true, true]);
  all.push(await open());
  await eventually(() => all[0]?.isOver(), 'the oldest went');
  expect(active(all)).toEqual([false, true, true, true]);
});

test('of all places the one that holds the most gives way: a flood keeps nobody else out', async () => {
  const { open, ask } = await setUp();
  const flood = [await open('127.0.0.2'), await open('127.0.0.2'), await open('127.0.0.2')];
  const others = [await open('127.0.0.3'), await open('127.0.0.4')];
  expect(await ask()).toBe(200);
  await eventually(() => flood[0]?.isOver(), 'one of the flood went');
  expect(active([...flood.slice(1), ...others])).toEqual([true, true, true, true]);
});

test('whoever has asked, and stays, still counts; whoever is known does not', async () => {
  const { open } = await setUp();
  const known = await open('127.0.0.1', '/known');
  const stays = await open('127.0.0.1', '/');
  const silent = [await open(), await open(), await open()];
  await eventually(() => stays.isOver(), 'the stranger that stays went');
  expect(active([known, ...silent])).toEqual([true, true, true, true]);
});

test('what a proxy brings is its own to bound', async () => {
  const { open } = await setUp(LIMITS, (address) => address.endsWith('127.0.0.1'));
  const all = [];
  for (let n = 0; n < 20; n += 1) all.push(await open());
  expect(active(all).every(Boolean)).toBe(true);
});

test('who says nothing is let go', async () => {
  const { open } = await setUp({ ...LIMITS, firstRequestMs: 20 });
  const silent: { socket: Socket; isOver(): boolean } = await open();
  await eventually(() => silent.isOver(), 'it went');
});
