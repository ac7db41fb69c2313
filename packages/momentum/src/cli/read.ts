import type { Loader } from '../files/loader.js';
import { decodeBytes, type Encoding } from '../text/bytes.js';
import { EXIT } from './exit-code.js';
import { type Io, STDIN } from './io.js';

/** Ends a command with a message for stderr. */
export class CommandFailure extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** The text of one file, which must be there. */
export function readText(io: Io, path: string): { readonly text: string; readonly encoding: Encoding } {
  const read = io.read(path);
  if (!read.ok) throw new CommandFailure(EXIT.usage, `${nameOf(path)} cannot be read: ${read.detail}`);
  return decodeBytes(read.bytes);
}

/** Reads through the process; the main file was read before. `seen` is told how each file's bytes became text. */
export function loaderOf(
  io: Io,
  main: string,
  mainText: string,
  seen: (path: string, encoding: Encoding) => void = () => undefined,
): Loader {
  return {
    read(asked) {
      if (asked === main) return { ok: true, text: mainText };
      const read = io.read(asked);
      if (!read.ok) return read;
      const { text, encoding } = decodeBytes(read.bytes);
      seen(asked, encoding);
      return { ok: true, text };
    },
    list: (asked) => (asked === STDIN ? null : io.list(asked)),
  };
}

export function nameOf(path: string): string {
  return path === STDIN ? '<stdin>' : path;
}
