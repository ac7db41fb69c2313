import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeRunLock } from './node-run-lock.js';
import { bootIdOf, startOf } from './process-start.js';
import { lockText } from './run-lock-text.js';

/** Everything that is open on this host is looked through for each damage. */
const LOOK_MS = 120_000;

const folder = () => mkdtempSync(join(tmpdir(), 'castellan-lock-'));

describe('the lock of a node', () => {
  it('is held once, and free again when it is let go', () => {
    const at = folder();
    const file = join(at, 'state/run.lock');
    const held = nodeRunLock(file).take();
    expect(held).not.toBeNull();
    expect(nodeRunLock(file).take()).toBeNull();
    held?.release();
    expect(readdirSync(join(at, 'state'))).toEqual([]);
    expect(nodeRunLock(file).take()).not.toBeNull();
  });

  it.each([
    ['a process that is gone', '999999999 1\n'],
    ['our own number in an earlier life', `${process.pid} 1\n`],
    ['nobody: the file is empty', ''],
    ['nobody: the file is damaged', 'x\n'],
  ])('is taken over from %s', (_name, content) => {
    const file = join(folder(), 'run.lock');
    writeFileSync(file, content);
    expect(nodeRunLock(file).take()).not.toBeNull();
    expect(readFileSync(file, 'utf8')).toMatch(
      new RegExp(`^${process.pid} [0-9]+ [0-9a-f-]{36} [0-9a-f]{16}\n$`),
    );
  });

  it('leaves nothing of processes that were killed while they took it', () => {
    const at = folder();
    const file = join(at, 'run.lock');
    for (const name of ['run.lock.999999998', 'run.lock.dead.999999997', 'run.lock.1', 'other.999999998'])
      writeFileSync(join(at, name), 'x\n');
    nodeRunLock(file).take()?.release();
    expect(readdirSync(at)).toEqual(['other.999999998', 'run.lock.1']);
  });

  it('names the process that holds it', () => {
    const file = join(folder(), 'run.lock');
    expect(nodeRunLock(file).holder?.()).toBeNull();
    nodeRunLock(file).take();
    expect(nodeRunLock(file).holder?.()).toBe(process.pid);
    expect(nodeRunLock(file).isOthers?.()).toBe(false);
  });

  it('is not taken over by anybody while it is held, whichever bit of it is flipped, or when it is cut off', {
    timeout: LOOK_MS,
  }, () => {
    const file = join(folder(), 'run.lock');
    const held = nodeRunLock(file).take();
    const whole = readFileSync(file);
    for (let bit = 0; bit < whole.length * 8; bit += 7) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      writeFileSync(file, flipped);
      expect([bit, nodeRunLock(file).take(), nodeRunLock(file).holder?.()]).toEqual([bit, null, process.pid]);
    }
    for (let length = 0; length < whole.length; length += 9) {
      writeFileSync(file, whole.subarray(0, length));
      expect([length, nodeRunLock(file).take()]).toEqual([length, null]);
    }
    held?.release();
    expect(nodeRunLock(file).take()).not.toBeNull();
  });

  it.each([
    ['as the first release wrote it', (start: string) => `1 ${start}\n`],
    ['before locks named the boot', (start: string) => lockText({ pid: 1, start, bootId: '' })],
    ['as it is now', (start: string) => lockText({ pid: 1, start, bootId: bootIdOf() })],
  ])('is not taken from a process that lives: %s', (_, text) => {
    const file = join(folder(), 'run.lock');
    writeFileSync(file, text(startOf(1)));
    expect(nodeRunLock(file).take()).toBeNull();
    expect(nodeRunLock(file).holder?.()).toBe(1);
    expect(nodeRunLock(file).isOthers?.()).toBe(true);
  });

  it('is taken over from before the system was started anew, though another has the number and the ticks now', () => {
    const file = join(folder(), 'run.lock');
    const bootId = '00000000-0000-4000-8000-000000000000';
    writeFileSync(file, lockText({ pid: 1, start: startOf(1), bootId }));
    expect(nodeRunLock(file).holder?.()).toBeNull();
    expect(nodeRunLock(file).take()).not.toBeNull();
  });
});
