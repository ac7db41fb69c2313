import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processIo } from './process-io.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const io = processIo();
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecconf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

describe('a file is read', () => {
  test('as its bytes', () => {
    writeFileSync(at('a.conf'), Buffer.from([0xff, 0, 65]));
    expect(io.read(at('a.conf'))).toEqual({ ok: true, bytes: Buffer.from([0xff, 0, 65]) });
  });

  test.each([
    ['a file that is not there', 'nowhere', 'missing'],
    ['a file below a file', 'file/below', 'missing'],
    ['a folder', 'folder', 'folder'],
  ])('or why not: %s', (_name, path, problem) => {
    writeFileSync(at('file'), '');
    mkdirSync(at('folder'));
    expect(io.read(at(path))).toMatchObject({ ok: false, problem });
  });

  test('or that it is closed to whoever asks', async () => {
    writeFileSync(at('a.conf'), 'a = 1\n', { mode: 0 });
    if (!isRoot) return expect(io.read(at('a.conf'))).toMatchObject({ ok: false, problem: 'denied' });
    // Root reads everything: somebody else asks.
    chmodSync(folder, 0o755);
    const script = `process.setuid(65534); try { require('fs').readFileSync(process.argv[1]) } catch (e) { console.log(e.code) }`;
    const { stdout } = await run(process.execPath, ['-e', script, at('a.conf')]);
    expect(stdout).toBe('EACCES\n');
  });
});

describe('a folder is listed', () => {
  test('by its names, and nothing else is one', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('folder/b'), '');
    writeFileSync(at('folder/a'), '');
    expect([...(io.list(at('folder')) ?? [])].sort()).toEqual(['a', 'b']);
    expect(io.list(at('folder/a'))).toBeNull();
    expect(io.list(at('nowhere'))).toBeNull();
  });
});

describe('a file is replaced', () => {
  const text = (name: string) => readFileSync(at(name), 'utf8');

  test.each([0o600, 0o640, 0o644, 0o660])('with its mode %o', (mode) => {
    writeFileSync(at('a.conf'), 'old');
    chmodSync(at('a.conf'), mode);
    io.replace(at('a.conf'), Buffer.from('new'));
    expect([text('a.conf'), statSync(at('a.conf')).mode & 0o7777]).toEqual(['new', mode]);
    expect(readdirSync(folder)).toEqual(['a.conf']);
  });

  test('with its owner and group', () => {
    writeFileSync(at('a.conf'), 'old');
    const { uid, gid } = isRoot ? { uid: 65534, gid: 65533 } : statSync(at('a.conf'));
    chownSync(at('a.conf'), uid, gid);
    io.replace(at('a.conf'), Buffer.from('new'));
    expect(statSync(at('a.conf'))).toMatchObject({ uid, gid });
  });

  test('behind a link, which stays one', () => {
    writeFileSync(at('real.conf'), 'old');
    symlinkSync('real.conf', at('a.conf'));
    io.replace(at('a.conf'), Buffer.from('new'));
    expect([text('real.conf'), lstatSync(at('a.conf')).isSymbolicLink()]).toEqual(['new', true]);
  });

  test('in one step: another name of it keeps the old content', () => {
    writeFileSync(at('a.conf'), 'old');
    const inode = statSync(at('a.conf')).ino;
    io.replace(at('a.conf'), Buffer.from('new'));
    expect(statSync(at('a.conf')).ino).not.toBe(inode);
  });

  test('or not at all, and nothing is left', () => {
    expect(() => io.replace(at('nowhere.conf'), Buffer.from('new'))).toThrow('ENOENT');
    // What stands in the way of the file beside it, which another run left.
    writeFileSync(at('a.conf'), 'old');
    mkdirSync(at(`.a.conf.ecconf-${process.pid}`));
    expect(() => io.replace(at('a.conf'), Buffer.from('new'))).toThrow('EEXIST');
    expect(text('a.conf')).toBe('old');
  });
});

describe('the program', () => {
  const program = new URL('../../bin/ecconf.js', import.meta.url).pathname;
  const start = (...argv: string[]) => spawn(process.execPath, [program, ...argv], { cwd: folder });

  async function finish(
    child: ReturnType<typeof start>,
    stdin = '',
  ): Promise<{ code: number | null; out: Buffer; err: string }> {
    const out: Buffer[] = [];
    let err = '';
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    child.stdin.end(stdin);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, out: Buffer.concat(out), err };
  }

  test('prints the bytes of stdin', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x3d, 0xff, 0x0d, 0x0a, 0]);
    const { code, out } = await finish(start('print', '-'), bytes.toString('latin1'));
    expect(code).toBe(0);
    expect(out.toString('utf8')).toBe(bytes.toString('latin1'));
  });

  test('keeps the encoding of a file that is not UTF-8', async () => {
    writeFileSync(at('a.conf'), Buffer.from('# caf\u00e9\nTLS = "no"\n', 'latin1'));
    expect((await finish(start('set', 'a.conf', 'TLS', 'required', '--write'))).code).toBe(0);
    expect(readFileSync(at('a.conf'), 'latin1')).toBe('# caf\u00e9\nTLS = "required"\n');
    const { code, err } = await finish(start('set', 'a.conf', 'Banner', '\u0416', '--write'));
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be written in its encoding')]);
  });

  test('ends well when its reader stops early', async () => {
    writeFileSync(at('a.conf'), 'x = = }\n'.repeat(2_000));
    const child = start('check', '--format', 'json', 'a.conf');
    child.stdout.destroy();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect([0, 2]).toContain(code);
  });

  test('says what it cannot read, and exits with 2', async () => {
    const { code, err } = await finish(start('eval', 'nowhere.conf', 'tls'));
    expect([code, err]).toEqual([2, expect.stringContaining('nowhere.conf cannot be read')]);
  });

  test('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await finish(start('--version'))).out.toString()).toBe(`${version}\n`);
  });
});
