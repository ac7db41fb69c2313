import type { UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';

/** Of a unit the first found counts, of drop-ins of one name as well (systemd.unit(5)). */
const FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** systemd.exec(5), UMask=. */
const SYSTEMD_UMASK = 0o022;
const DROP_INS_MAX = 100;

/** What a unit of systemd says of its service's umask. */
export interface UnitUmask {
  readonly file: string;
  readonly umask: number | null;
  readonly line: UmaskLine | null;
  /** It runs the init script of its name, which then has the last word. */
  readonly isInitScript: boolean;
}

/** Null: there is no such unit. */
export function unitOf(files: FileReader, name: string): UnitUmask | null {
  const unit = `${name}.service`;
  const main = FOLDERS.map((folder) => `${folder}/${unit}`).find((path) => {
    const stat = files.lstat(path);
    return stat.ok || (stat.problem !== 'missing' && stat.problem !== 'not-directory');
  });
  const dropIns = new Map<string, string>();
  for (const folder of FOLDERS) {
    const names = files.list(`${folder}/${unit}.d`);
    for (const one of names.ok ? names.value.slice(0, DROP_INS_MAX) : [])
      if (one.endsWith('.conf') && !dropIns.has(one)) dropIns.set(one, `${folder}/${unit}.d/${one}`);
  }
  const ordered = [...dropIns].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  // Drop-ins also count for the unit that systemd makes of an init script.
  if (!main && ordered.length === 0) return null;
  let found: UnitUmask = {
    file: main ?? ordered[0] ?? '',
    umask: SYSTEMD_UMASK,
    line: null,
    isInitScript: !main,
  };
  for (const file of main ? [main, ...ordered] : ordered) found = withFile(files, file, found, name);
  return found;
}

function withFile(files: FileReader, file: string, before: UnitUmask, name: string): UnitUmask {
  const content = files.read(file, { bytesMax: 1024 * 1024 });
  if (!content.ok) {
    // Masked: a link to /dev/null.
    if (content.problem === 'missing') return before;
    const line = { file, line: 1, text: `not read: ${content.problem}`, umask: null, condition: null };
    return { ...before, umask: null, line: { ...line, runs: 'unclear' } };
  }
  let found = before;
  let section = '';
  for (const [index, raw] of content.value.toString('utf8').split('\n').entries()) {
    const text = raw.trim();
    section = /^\[(.*)\]$/.exec(text)?.[1] ?? section;
    const [, key, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(text) ?? [];
    if (section !== 'Service' || key === undefined) continue;
    const line = { file, line: index + 1, text: text.slice(0, 200), condition: null };
    if (key === 'UMask') {
      const umask = /^[0-7]{1,4}$/.test(value) ? Number.parseInt(value, 8) & 0o777 : null;
      found =
        value === ''
          ? { ...found, umask: SYSTEMD_UMASK, line: null }
          : { ...found, umask, line: { ...line, umask, runs: umask === null ? 'unclear' : 'yes' } };
    } else if (key === 'ExecStart') {
      if (new RegExp(`/init\\.d/${name}\\b`).test(value)) found = { ...found, isInitScript: true };
      if (/\bumask\b/.test(value))
        found = { ...found, umask: null, line: { ...line, umask: null, runs: 'unclear' } };
    }
  }
  return found;
}
