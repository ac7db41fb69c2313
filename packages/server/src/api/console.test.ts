import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/server.js';
import { serveConsole } from './console.js';

const SCRIPT = 'export const page = "console";\n'.repeat(50);

test.each([
  ['gzip, deflate, br', 'br', brotliCompressSync(SCRIPT)],
  ['gzip', 'gzip', gzipSync(SCRIPT)],
  ['identity', undefined, Buffer.from(SCRIPT)],
])("a browser that takes %s gets the console's files so, and keeps them", async (takes, encoding, bytes) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/index-1.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/index-1.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'assets/index-1.js.gz'), gzipSync(SCRIPT));
  const app = fastify();
  onTestFinished(() => app.close());
  await serveConsole(app as never, folder);
  const ask = (url: string) => app.inject({ url, headers: { 'accept-encoding': takes } });
  const script = await ask('/assets/index-1.js');
  expect(script.headers['content-encoding']).toBe(encoding);
  expect(script.rawPayload.equals(bytes)).toBe(true);
  expect(script.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': expect.stringContaining('javascript'),
    vary: expect.stringContaining('accept-encoding'),
  });
  // What was not compressed is sent as it is, and asked for each time.
  const page = await ask('/nodes');
  expect([page.body, page.headers['cache-control']]).toEqual(['<!doctype html>', 'no-cache']);
});
