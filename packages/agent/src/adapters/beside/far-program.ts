import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface FarProgram {
  readonly text: Buffer;
  /** MD5, lower-case hex: a Perl of 5.8 has no better one. It tells a program of another release, and approves none. */
  readonly digest: string;
}

/** The file stands in the package: beside the sources, the compiled files and the bundle alike. `edit`: for a test. */
export function readFarProgram(edit: (text: Buffer) => Buffer = (same) => same): FarProgram {
  const places = ['../../../far/castellan-far', '../../far/castellan-far', '../far/castellan-far'].map(
    (path) => new URL(path, import.meta.url),
  );
  const place = places.find((url) => existsSync(url));
  if (!place) throw new Error('the far program is not in this installation');
  const text = edit(readFileSync(place));
  return { text, digest: createHash('md5').update(text).digest('hex') };
}
