import { allSettings } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { DkimKey, DkimKeysFact } from '../../facts/dkim-keys.js';
import type { Facts } from '../../facts/facts.generated.js';
import type { Doubt } from '../../facts/parts/doubt.js';
import { keyEvidence } from '../../knowledge/certificates/pem-reader.js';
import { KEY_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { fullAccess } from '../../knowledge/permissions/holders.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import { PathAccess } from '../../knowledge/permissions/path-access.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

const KEYS_MAX = 2000;
const PARTS_MAX = 32;
const MODULES = ['opendkim', 'dkim_sign'];

type User = Facts['momentumConfig']['runUser']['principal'];

export default defineCollector({
  name: 'dkimKeys',
  needs: ['momentumConfig'],
  title: 'Private keys of DKIM: their size, and who can read them',
  timeoutMs: 30_000,
  evidence: 'files',
  collect({ files, facts }): DkimKeysFact {
    const { configs, runUser, doubts } = facts.momentumConfig;
    const user = runUser.principal;
    const read = namedBy(files, user, KEY_PLACES.ecuser);
    const keys = new Map<string, DkimKey>();
    const more: Doubt[] = [];
    const sha1: Place[] = [];
    for (const { option, scope, label, at, text } of configs.flatMap(({ config }) => allSettings(config))) {
      if (!MODULES.includes(scope[0]?.type.toLowerCase() ?? '')) continue;
      const place = { ...at, scope: label };
      if (option === 'digest' && /^rsa-sha1$/i.test(text)) sha1.push(place);
      if (option !== 'key') continue;
      const paths = expanded(read, text);
      if (paths === null) {
        more.push({
          kind: 'incomplete',
          reason: `${at.file}:${at.line}: the keys of ${text} could not be listed.`,
        });
        continue;
      }
      for (const path of paths)
        if (keys.size < KEYS_MAX && !keys.has(path)) keys.set(path, look(files, read, user, path, place));
    }
    if (keys.size === KEYS_MAX)
      more.push({
        kind: 'incomplete',
        reason: `there are more than ${KEYS_MAX} keys; not all were inspected`,
      });
    return { keys: [...keys.values()], sha1, doubts: [...doubts, ...more] };
  },
});

/**
 * `%{d}` and `%{s}` stand for any domain and selector (Manual, modules.opendkim): every name that fits is a key of it.
 * Null: it is relative, has another macro, or a folder could not be listed.
 */
function expanded(files: FileReader, text: string): string[] | null {
  if (!text.startsWith('/') || /[%$]/.test(text.replaceAll(/%\{[ds]\}/g, ''))) return null;
  const parts = text.split('/').filter((part) => part !== '');
  if (parts.length > PARTS_MAX) return null;
  let paths = [''];
  for (const part of parts) {
    if (!part.includes('%{')) {
      paths = paths.map((path) => `${path}/${part}`);
      continue;
    }
    const next: string[] = [];
    for (const path of paths) {
      const names = files.list(path === '' ? '/' : path);
      if (!names.ok && names.problem !== 'missing' && names.problem !== 'not-directory') return null;
      const all = names.ok ? names.value.filter((name) => name !== '.svn' && fits(name, part)) : [];
      next.push(...all.map((name) => `${path}/${name}`));
    }
    paths = next.slice(0, KEYS_MAX);
  }
  // A file that only one of many domains lacks is not asked for by name here.
  return text.includes('%{') ? paths.filter((path) => files.stat(path).ok) : paths;
}

/** The literal pieces of the pattern stand in the name in their order, first and last at its ends. */
function fits(name: string, pattern: string): boolean {
  const pieces = pattern.split(/%\{[ds]\}/);
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const piece of rest) {
    const index = name.indexOf(piece, from);
    if (index < 0) return false;
    from = index + piece.length;
  }
  return from <= name.length - last.length;
}

function look(files: FileReader, read: FileReader, user: User, path: string, at: Place): DkimKey {
  const stat = files.stat(path);
  const full = fullAccess(files, path);
  return {
    path,
    at,
    isMissing: !stat.ok && stat.problem === 'missing',
    key: keyEvidence(read, path, 'any'),
    access: full?.access ?? null,
    acl: full?.acl ?? null,
    reach: user && stat.ok ? reachOf(files, user, path) : null,
  };
}

function reachOf(files: FileReader, user: NonNullable<User>, path: string): NonNullable<DkimKey['reach']> {
  const found = new PathAccess(files, user).check(path, 'read');
  if (found.kind === 'granted') return { kind: 'readable' };
  return found.kind === 'denied'
    ? { kind: 'denied', path: found.path, access: found.access }
    : { kind: 'unknown', problem: found.problem };
}
