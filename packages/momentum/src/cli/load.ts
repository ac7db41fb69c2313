import type { Config } from '../files/config.js';
import { loadConfig } from '../files/load.js';
import type { Encoding } from '../text/bytes.js';
import type { Io } from './io.js';
import { loaderOf, nameOf, readText } from './read.js';

export interface Loaded {
  readonly config: Config;
  /** How each file's bytes became text: they go back the same way. */
  readonly encodings: ReadonlyMap<string, Encoding>;
}

export interface LoadFlags {
  readonly searchPath?: string;
  readonly node?: string;
}

/** A main file with what it includes. What is wrong with the files goes to stderr: a value may depend on it. */
export function load(io: Io, path: string, flags: LoadFlags): Loaded {
  const encodings = new Map<string, Encoding>();
  const main = readText(io, path);
  encodings.set(path, main.encoding);
  const loader = loaderOf(io, path, main.text, (file, encoding) => encodings.set(file, encoding));
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
