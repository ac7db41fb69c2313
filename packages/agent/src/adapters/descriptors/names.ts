import { opendirSync } from 'node:fs';
import { LIST_NAMES_MAX } from '../../ports/files.js';

const NAMES_AT_ONCE = 1024;

/** Null: too many. */
export function namesOf(host: string): string[] | null {
  const folder = opendirSync(host, { bufferSize: NAMES_AT_ONCE });
  try {
    const names: string[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.length >= LIST_NAMES_MAX) return null;
      names.push(entry.name);
    }
    return names;
  } finally {
    folder.closeSync();
  }
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
