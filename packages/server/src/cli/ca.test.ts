import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { spawnServer, writeSettings } from '../../testing/process.js';
import { eventually, temporaryFolder } from '../../testing/server.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/castellan-server.js');

test('a rotation by the command line, beside the server that runs: each step says where it is', async () => {
  const config = writeSettings(temporaryFolder());
  const server = await spawnServer(config);
  const ca = (...args: string[]) => {
    const given = ['ca', ...args, '--config', config];
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...given], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, stdout, stderr };
  };
  const status = () => JSON.parse(ca('status', '--json').stdout) as Record<string, unknown>[];
  const rotated = ca('rotate');
  expect(rotated).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringContaining('Make a backup now'),
  });
  // No node is there to wait for: the server itself puts it to serve.
  await eventually(() => server.log().includes('listener.certificate'), 'its certificate');
  expect(ca('status').stdout).toMatch(/^FINGERPRINT +ENDSAT +ISSUING +SERVING +CERTIFICATES +UNCONFIRMED\n/);
  expect(ca('retire')).toMatchObject({ status: 0, stderr: expect.stringContaining('its key is destroyed') });
  const [left, ...more] = status();
  expect([left, more]).toMatchObject([
    { issuing: true, serving: true, certificates: 0, unconfirmed: [] },
    [],
  ]);
  expect(rotated.stderr).toContain(String(left?.fingerprint));
  expect(ca('retire')).toMatchObject({ status: 1, stderr: expect.stringContaining('CAS_CONFLICT') });
  expect(await server.end('SIGTERM')).toBe(0);
});
