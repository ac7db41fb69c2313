import type { PlainAccess } from '../../facts/parts/plain-access.js';
import type { FileReader } from '../../ports/files.js';

const FILE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * `host` and `hostnossl` lines of a pg_hba.conf that let another host in without TLS (PostgreSQL manual, "The
 * pg_hba.conf File"). Lines for this host alone, and lines that reject, harm nobody.
 */
export function plainAccess(files: FileReader, path: string): PlainAccess {
  const content = files.read(path, { bytesMax: FILE_BYTES_MAX });
  if (!content.ok) return { lines: [], unread: `${path} could not be read (${content.problem})` };
  const lines = content.value
    .toString('utf8')
    .split('\n')
    .flatMap((raw, index) => {
      const text = raw.replace(/#.*/, '').trim();
      return letsPlainIn(text.split(/\s+/)) ? [{ at: { file: path, line: index + 1 }, text }] : [];
    });
  return { lines, unread: null };
}

/** `host DATABASE USER ADDRESS [MASK] METHOD` */
function letsPlainIn([type = '', , , address = '', ...rest]: readonly string[]): boolean {
  if (!/^host(nossl)?$/i.test(type) || isThisHost(address)) return false;
  const hasMask = /^[\d.]+$|:/.test(rest[0] ?? '');
  return (hasMask ? rest[1] : rest[0])?.toLowerCase() !== 'reject';
}

function isThisHost(address: string): boolean {
  return /^(127\.[\d.]+(\/\d+)?|::1(\/128)?|localhost|samehost)$/i.test(address.replace(/^"|"$/g, ''));
}
