import { describe, expect, it } from 'vitest';
import { frameOf, readFrames } from './frames.js';

const VALUES = [{ a: 'ä\n€' }, { b: [1, 2] }, { c: null }, { d: 'x'.repeat(40) }];
const lines = VALUES.map((value, index) => frameOf(index + 1, value));
const whole = Buffer.from(lines.join(''));

describe('lines that prove themselves', () => {
  it('are read as they were written', () => {
    expect(readFrames(whole)).toEqual({
      frames: VALUES.map((value, index) => ({ number: index + 1, value })),
      wholeBytes: whole.length,
      tornBytes: 0,
      lost: 0,
      damage: null,
    });
    expect(readFrames(Buffer.alloc(0))).toMatchObject({ frames: [], damage: null });
  });

  it('show every single flipped bit', () => {
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect([bit, readFrames(flipped).damage !== null]).toEqual([bit, true]);
    }
  });

  it('may be cut anywhere in the last line, which is told as torn, and nowhere else', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const read = readFrames(whole.subarray(0, length));
      expect([length, read.damage]).toEqual([length, null]);
      expect(read.wholeBytes + read.tornBytes).toBe(length);
    }
  });

  it('show a line that is gone, that comes twice, that is zeroed, and one that changed places', () => {
    lines.forEach((line, index) => {
      const others = lines.filter((one) => one !== line);
      const isLast = index === lines.length - 1;
      expect([index, readFrames(Buffer.from(others.join(''))).damage !== null]).toEqual([index, !isLast]);
      expect(readFrames(Buffer.from(lines.with(index, '\0'.repeat(line.length)).join(''))).damage).not.toBe(
        null,
      );
      expect(readFrames(Buffer.from([...lines, line].join(''))).damage).not.toBe(null);
      if (!isLast) expect(readFrames(Buffer.from([...others, line].join(''))).damage).not.toBe(null);
    });
  });

  it('count what was lost, once', () => {
    const one = lines.with(1, 'nonsense\n').join('');
    expect(readFrames(Buffer.from(one))).toMatchObject({ lost: 1, frames: { length: 3 } });
    expect(readFrames(Buffer.from(lines.slice(2).join('')))).toMatchObject({ lost: 2 });
  });
});
