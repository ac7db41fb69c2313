import { decodeBytes } from '@castellan/momentum';
import { expect, test } from 'vitest';
import { configText } from './config-text.js';

test.each([
  ['nothing', []],
  ['ASCII, with what is no letter', [0, 0x41, 0x0a, 0x7f]],
  ['UTF-8', [0x41, 0xc3, 0xa4]],
  ['UTF-8 with a mark at its start', [0xef, 0xbb, 0xbf, 0x41]],
  ['no UTF-8', [0x41, 0xe4, 0x80, 0xff]],
])('%s is the text that decodeBytes makes of it', (_, bytes) => {
  const inside = Uint8Array.from([0xff, ...bytes, 0xff]).subarray(1, bytes.length + 1);
  expect(configText(inside)).toEqual(decodeBytes(Uint8Array.from(bytes)));
});
