import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface FarProgram {
  readonly text: Buffer;
  /** MD5, lower-case hex: a Perl of 5.8 has no better one. It tells a program of another release, and approves none. */
  readonly digest: string;
}

/** `edit`: for a test. */
export function readFarProgram(edit: (text: Buffer) => Buffer = (same) => same): FarProgram {
  const text = edit(readFar('castellan-far'));
  return { text, digest: createHash('md5').update(text).digest('hex') };
}

/** The sh program of a node without Perl, as it is sent. */
export function readShProgram(): Buffer {
  return readFar('castellan-look.sh');
}

/** The file stands in the package: beside the sources, the compiled files and the bundle alike. */
function readFar(name: string): Buffer {
  const places = ['../../../far', '../../far', '../far'].map(
    (folder) => new URL(`${folder}/${name}`, import.meta.url),
  );
  const place = places.find((url) => existsSync(url));
  if (!place) throw new Error('the far program is not in this installation');
  return readFileSync(place);
}
