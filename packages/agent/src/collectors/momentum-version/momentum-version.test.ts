import { describe, expect, test } from 'vitest';
import type { ExecRequest, ExecResult } from '../../ports/exec.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';
import { consoleVersion, packageVersion } from './version-text.js';

test.each([
  ['# ecelerity version: 3.0.23.36220 r(36220)\n', '3.0.23'],
  ['# ecelerity version: 3.6.6.41000 r(41003)\nproduct: Momentum\n', '3.6.6'],
  ['# ecelerity version: 4.1.0.2 r(50000)\n', '4.1.0.2'],
  ['# ecelerity version: 4.1.0.2.51234 r(51234)\n', '4.1.0.2'],
  ['ecelerity version: 4.1\n', '4.1'],
  ['eccmgr version: 3.5.10.40000 r(40000)\n', '3.5.10'],
  ['# ecelerity version: 3.6.7 r(7)\n', '3.6.7'],
  ['Unable to connect\n', null],
  ['', null],
])('the console says %j', (output, version) => {
  expect(consoleVersion(output)).toBe(version);
});

test.each([
  ['msys-ecelerity-mobility 3.6.5.40900\nmsys-ecelerity-core 3.6.6.41000\n', '3.6.6'],
  ['msys-ecelerity-config-server 4.1.0.2\n', '4.1.0.2'],
  ['package msys-ecelerity* is not installed\n', null],
])('rpm says %j', (output, version) => {
  expect(packageVersion(output)).toBe(version);
});

describe('where the version comes from', () => {
  const exited = (stdout: string, code = 0): ExecResult => ({ kind: 'exited', code, stdout, stderr: '' });
  const missing: ExecResult = { kind: 'unstarted', problem: 'missing', detail: 'ENOENT' };

  async function collect(
    answers: Record<string, ExecResult>,
    assumeMomentum: string | null = null,
    realpath = '',
  ) {
    const asked: string[] = [];
    const exec = {
      run: async (request: ExecRequest) => {
        asked.push(request.program);
        return answers[request.program] ?? missing;
      },
    };
    const files = {
      lstat: () => ({ ok: false, problem: 'missing', detail: '' }),
      realpath: () =>
        realpath
          ? { ok: true, value: { path: realpath, links: [] } }
          : { ok: false, problem: 'missing', detail: '' },
    };
    const fact = await collector.collect({
      exec,
      files,
      settings: { assumeMomentum },
    } as unknown as CollectContext);
    return { ...fact, asked };
  }

  const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';

  test('what the operator says comes first, and nothing is asked', async () => {
    const fact = await collect({ [CONSOLE]: exited('# ecelerity version: 3.6.6 r(1)') }, '3.5.10');
    expect(fact).toMatchObject({ version: '3.5.10', from: 'assumed' });
    expect(fact.asked).not.toContain(CONSOLE);
  });

  test('then the running product, then its package', async () => {
    const rpm = exited('msys-ecelerity-core 3.6.5.40000\n');
    expect(
      await collect({
        [CONSOLE]: exited('# ecelerity version: 3.6.6.41000 r(41000)\n'),
        '/usr/bin/rpm': rpm,
      }),
    ).toMatchObject({ version: '3.6.6', from: 'console' });
    expect(await collect({ [CONSOLE]: exited('', 1), '/usr/bin/rpm': rpm })).toMatchObject({
      version: '3.6.5',
      from: 'package',
    });
    expect(await collect({ '/bin/rpm': rpm })).toMatchObject({ version: '3.6.5', from: 'package' });
  });

  test.each<[string, ExecResult, RegExp]>([
    [
      'programs may not be run',
      { kind: 'unstarted', problem: 'forbidden', detail: 'programs of a tree that is only read are not run' },
      /only read.*--assume-momentum/,
    ],
    ['the console hangs', { kind: 'timeout', stdout: '', stderr: '' }, /did not answer/],
    ['the console says something else', exited('no such command'), /gave no version/],
  ])('nobody knows: %s', async (_, answer, detail) => {
    expect(await collect({ [CONSOLE]: answer })).toMatchObject({
      version: null,
      from: 'unknown',
      detail: expect.stringMatching(detail),
    });
  });

  test('the TLS library: what the loader gives, then the product’s own openssl', async () => {
    const ldd = exited('\tlinux-vdso.so.1\n\tlibssl.so.10 => /usr/lib64/libssl.so.10 (0x00007f)\n');
    expect(
      (await collect({ '/usr/bin/ldd': ldd }, '3.6.6', '/usr/lib64/libssl.so.1.0.1e')).tlsLibrary,
    ).toEqual({
      name: 'openssl',
      version: '1.0.1e',
      from: 'ldd /opt/msys/ecelerity/sbin/ecelerity',
    });
    expect(
      (
        await collect(
          { '/opt/msys/3rdParty/bin/openssl': exited('OpenSSL 1.0.2k-fips  26 Jan 2017\n') },
          '3.6.6',
        )
      ).tlsLibrary,
    ).toMatchObject({
      name: 'openssl',
      version: '1.0.2k',
    });
    expect((await collect({}, '3.6.6')).tlsLibrary).toEqual({
      name: null,
      version: null,
      from: 'nothing told',
    });
  });
});
