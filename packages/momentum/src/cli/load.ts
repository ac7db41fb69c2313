import type { Config } from '../files/config.js';
import { loadConfig } from '../files/load.js';
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

export interface Loaded {
  readonly config: Config;
  /** How each file's bytes became text: they go back the same way. */
  readonly encodings: ReadonlyMap<string, Encoding>;
}

export interface LoadFlags {
  readonly searchPath?: string;
  readonly node?: string;
}

/** The text of one file, which must be there. */
export function readText(io: Io, path: string): { readonly text: string; readonly encoding: Encoding } {
  const read = io.read(path);
  if (!read.ok) throw new CommandFailure(EXIT.usage, `${nameOf(path)} cannot be read: ${read.detail}`);
  return decodeBytes(read.bytes);
}

/** A main file with what it includes. What is wrong with the files goes to stderr: a value may depend on it. */
export function load(io: Io, path: string, flags: LoadFlags): Loaded {
  const encodings = new Map<string, Encoding>();
  const main = readText(io, path);
  encodings.set(path, main.encoding);
  const loader: Loader = {
    read(asked) {
      if (asked === path) return { ok: true, text: main.text };
      const read = io.read(asked);
      if (!read.ok) return read;
      const { text, encoding } = decodeBytes(read.bytes);
      encodings.set(asked, encoding);
      return { ok: true, text };
    },
    list: (asked) => (asked === STDIN ? null : io.list(asked)),
  };
  const config = loadConfig(loader, path, {
    ...(flags.searchPath === undefined
      ? {}
      : { searchPath: flags.searchPath.split(':').filter((folder) => folder !== '') }),
    ...(flags.node === undefined ? {} : { nodeName: flags.node }),
  });
  for (const problem of config.diagnostics.filter((d) => d.severity === 'error')) {
    io.err(`${nameOf(problem.file)}:${problem.line}:${problem.column}: error: ${problem.message}\n`);
  }
  for (const { path: missing, problem, from } of config.unread) {
    io.err(
      `${from ? `${nameOf(from.file)}:${from.line}: ` : ''}warning: ${missing} is included and cannot be read (${problem})\n`,
    );
  }
  return { config, encodings };
}

export function nameOf(path: string): string {
  return path === STDIN ? '<stdin>' : path;
}
