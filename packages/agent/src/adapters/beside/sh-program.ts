import { existsSync, readFileSync } from 'node:fs';

/** The sh program of a node without Perl, as it is sent. It stands beside the Perl one. */
export function readShProgram(): Buffer {
  const places = [
    '../../../far/castellan-look.sh',
    '../../far/castellan-look.sh',
    '../far/castellan-look.sh',
  ].map((path) => new URL(path, import.meta.url));
  const place = places.find((url) => existsSync(url));
  if (!place) throw new Error('the sh program is not in this installation');
  return readFileSync(place);
}
