import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readHello } from '../../packages/agent/src/adapters/beside/far-hello.js';
import { FarStream, type Frame } from '../../packages/agent/src/adapters/beside/far-stream.js';
import { decodeFields, encodeFields } from '../../packages/agent/src/adapters/beside/fields.js';
import { firstLine, shellLine } from '../../packages/agent/src/adapters/beside/first-line.js';
import { describeReal } from '../real/parts.js';
import { denyModules, NOT_IN_5_8_4, TIME_HIRES } from './far-sides/old-perl.js';

const FAR = fileURLToPath(new URL('../../packages/agent/far/castellan-far', import.meta.url));
const MARKER = 'a'.repeat(32);
const folder = mkdtempSync(join(tmpdir(), 'castellan-deny-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first line is one that sh, csh and tcsh read alike', () => {
  for (const line of [firstLine('look'), firstLine('change'), shellLine()]) {
    expect(line).not.toMatch(/[\n!\\]/);
    expect(line.match(/'/g)).toHaveLength(line === shellLine() ? 6 : 4);
    expect(Buffer.byteLength(line)).toBeLessThan(1000);
  }
});

describeReal('the far program', () => {
  test('needs no syntax that is newer than Perl 5.8', () => {
    const told = execFileSync('perlver', [FAR], { encoding: 'utf8' });
    const [, minor] = /Minimum version of perl\s*:\s*v5\.(\d+)/.exec(told) ?? [];
    expect(Number(minor)).toBeLessThanOrEqual(8);
  });

  test.each([
    ['what 5.8.4 lacks', NOT_IN_5_8_4],
    ['Time::HiRes too', [...NOT_IN_5_8_4, TIME_HIRES]],
  ])('works without %s', async (_, denied) => {
    denyModules(folder, denied);
    const content = ['3', createHash('md5').update('abc').digest('hex'), 'abc'];
    const changed = await talk(
      ['-I', folder, FAR, 'change'],
      ['C', 'state-append', folder, 'written', ...content],
      'change',
    );
    expect(changed.map(({ kind }) => kind)).toEqual(['h', 'e', 'g']);
    expect(readFileSync(join(folder, 'written'), 'utf8')).toMatch(/^(abc){1,2}$/);
    const frames = await talk(['-I', folder, FAR], ['L', '/etc/passwd', '1', 'rta', '100000']);
    expect(frames.map(({ kind }) => kind)).toEqual(['h', 'p', 'e', 'g']);
    const digest = createHash('md5').update(readFileSync(FAR)).digest('hex');
    expect(readHello(frames[0]?.body ?? Buffer.alloc(0), digest, 'here')).toMatchObject({ mode: 'laid' });
    const parts = decodeFields(frames[1]?.body ?? Buffer.alloc(0)) ?? [];
    expect(parts[0]?.toString()).toBe('ok');
    expect(parts[8]).toEqual(readFileSync('/etc/passwd'));
  });

  test('ends when it is left alone, and takes no frame that is too long', async () => {
    const frames = await talk([FAR], ['L', 'x'.repeat(1024 * 1024)]);
    expect(frames.map(({ kind }) => kind)).toEqual(['h', 'g']);
  });
}, ['libperl-minimumversion-perl']);

/** One request, and the goodbye. */
function talk(
  argv: readonly string[],
  [kind = '', ...fields]: readonly string[],
  mode = 'look',
): Promise<Frame[]> {
  return new Promise((resolve) => {
    const child = spawn('perl', [...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
    const stream = new FarStream(MARKER);
    const frames: Frame[] = [];
    child.stdout.on('data', (chunk: Buffer) => frames.push(...stream.take(chunk)));
    child.on('close', () => resolve(frames));
    const body = encodeFields(fields);
    const head = Buffer.alloc(9);
    head.writeUInt32BE(body.length);
    head.write(kind, 4, 'latin1');
    head.writeUInt32BE(1, 5);
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(Buffer.concat([Buffer.from(`castellan ${MARKER} 0 ${mode}\n`), head, body]));
  });
}
