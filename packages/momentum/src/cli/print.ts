import { parse } from '../syntax/parse.js';
import { print as printTree } from '../syntax/tree.js';
import { encodeText } from '../text/bytes.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { readText } from './read.js';

/** Parses and prints: the same bytes, whether the file is valid or not. */
export function print(io: Io, path: string): number {
  const { text, encoding } = readText(io, path);
  io.out(encodeText(printTree(parse(text).tree), encoding));
  return EXIT.ok;
}
