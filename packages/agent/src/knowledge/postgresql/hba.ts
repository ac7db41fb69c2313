import { dirname } from 'node:path';
import type { PlainAccess } from '../../facts/parts/plain-access.js';
import type { FileReader } from '../../ports/files.js';
import { type AddressRange, LOOPBACK, without } from './hba-address.js';
import { type HbaRecord, hbaRecord } from './hba-record.js';
import { type HbaLine, type HbaToken, hbaLines } from './hba-tokens.js';

/** From this release on a line may include another file. */
const INCLUDE_SINCE = 16;
const INCLUDE_DEPTH_MAX = 10;
export const HBA_LINES_MAX = 2000;
/** Comparisons of two lines for one database and user: about a second's work. */
const COMPARISONS_MAX = 500_000;

/** A line that was understood, or what was not. */
export type HbaRule = HbaLine & ({ readonly record: HbaRecord } | { readonly problem: string });

/**
 * Lines of a pg_hba.conf by which another host gets in without TLS (PostgreSQL manual, "The pg_hba.conf File"). The
 * first line that fits a connection decides, so that a line counts only for whom no earlier one fits already.
 * `version`: of PG_VERSION; null: not known.
 */
export function plainAccess(files: FileReader, path: string, version: number | null): PlainAccess {
  const { rules, unread } = hbaRules(files, path, version);
  const problems = rules.flatMap((rule) =>
    'record' in rule ? [] : [`${rule.file}:${rule.line} ${rule.problem}`],
  );
  const known = rules.flatMap((rule) => ('record' in rule ? [rule] : []));
  const open = reachable(known);
  return {
    lines: open.found.map(({ file, line, text }) => ({
      at: { file, line },
      text: withoutSecret(text.replace(/#.*/, '').trim()),
    })),
    unread: unread ?? problems[0] ?? open.unread,
  };
}

export function hbaRules(
  files: FileReader,
  path: string,
  version: number | null,
): { readonly rules: readonly HbaRule[]; readonly unread: string | null } {
  const reader = new RuleReader(files, version);
  reader.read(path, 0, false);
  return reader;
}

class RuleReader {
  readonly rules: HbaRule[] = [];
  unread: string | null = null;

  constructor(
    private readonly files: FileReader,
    private readonly version: number | null,
  ) {}

  read(path: string, depth: number, mayBeMissing: boolean): void {
    const lines = hbaLines(this.files, path, this.version);
    if (typeof lines === 'string' || depth > INCLUDE_DEPTH_MAX) {
      const problem = typeof lines === 'string' ? lines : 'too-many';
      if (!(mayBeMissing && problem === 'missing')) this.unread ??= `${path} could not be read (${problem})`;
      return;
    }
    for (const line of lines) {
      if (this.rules.length >= HBA_LINES_MAX) {
        this.unread ??= `${path} has more than ${HBA_LINES_MAX} lines`;
        return;
      }
      const include = line.problem === null ? includeOf(line) : null;
      if (include !== null && this.version !== null && this.version >= INCLUDE_SINCE)
        this.#include(include, line, depth);
      else this.rules.push(ruleOf(line, this.version));
    }
  }

  #include({ word, name }: Include, { file }: HbaLine, depth: number): void {
    const path = name.startsWith('/') ? name : `${dirname(file)}/${name}`;
    if (word !== 'include_dir') {
      this.read(path, depth + 1, word === 'include_if_exists');
      return;
    }
    const names = this.files.list(path);
    if (!names.ok) this.unread ??= `${path} could not be read (${names.problem})`;
    else
      for (const one of names.value.toSorted((a, b) => (a < b ? -1 : 1)))
        if (one.endsWith('.conf') && !one.startsWith('.')) this.read(`${path}/${one}`, depth + 1, false);
  }
}

interface Include {
  readonly word: string;
  readonly name: string;
}

function includeOf({ fields }: HbaLine): Include | null {
  const [word, name] = fields.map((field) => field[0]?.text ?? '');
  const isInclude = /^include(_if_exists|_dir)?$/.test(word ?? '');
  return isInclude && fields.length === 2 && name ? { word: word ?? '', name } : null;
}

function ruleOf(line: HbaLine, version: number | null): HbaRule {
  if (line.problem !== null) return { ...line, problem: line.problem };
  const record = hbaRecord(line, version);
  return typeof record === 'string' ? { ...line, problem: record } : { ...line, record };
}

type KnownRule = HbaLine & { readonly record: HbaRecord };

/** The rules by which a connection without TLS of another host gets in, each for somebody whom none before it is for. */
function reachable(rules: readonly KnownRule[]): {
  readonly found: readonly KnownRule[];
  readonly unread: string | null;
} {
  const plain = rules.filter(({ record }) => /^host(nossl|nogssenc)?$/.test(record.type));
  const found: KnownRule[] = [];
  let comparisons = 0;
  for (const [index, rule] of plain.entries()) {
    const { databases, users, method } = rule.record;
    if (method === 'reject') continue;
    comparisons += databases.length * users.length * (index + 1);
    if (comparisons > COMPARISONS_MAX)
      return { found, unread: `${rule.file} has more lines than can be compared with each other` };
    const before = plain.slice(0, index).map(({ record }) => record);
    const isOpen = databases.some((database) =>
      users.some((user) => isLeft(rule.record, database, user, before)),
    );
    if (isOpen) found.push(rule);
  }
  return { found, unread: null };
}

/** Whether some other host's connection to the database by the user comes as far as the rule. */
function isLeft(
  { address }: HbaRecord,
  database: HbaToken,
  user: HbaToken,
  before: readonly HbaRecord[],
): boolean {
  let left: readonly AddressRange[] = without(address?.ranges ?? [], LOOPBACK);
  for (const earlier of before) {
    if (left.length === 0) return false;
    if (!earlier.databases.some((one) => holdsDatabase(one, database))) continue;
    if (!earlier.users.some((one) => holdsUser(one, user))) continue;
    if (earlier.address?.name && earlier.address.name === address?.name) return false;
    if (earlier.address?.isExact) left = without(left, earlier.address.ranges);
  }
  return left.length > 0;
}

/** `all` is every database but `replication`, which stands for no database at all. */
function holdsDatabase(one: HbaToken, other: HbaToken): boolean {
  if (isWord(one, 'all')) return !isWord(other, 'replication');
  return isSame(one, other, ['sameuser', 'samerole', 'samegroup', 'replication', 'all']);
}

function holdsUser(one: HbaToken, other: HbaToken): boolean {
  return isWord(one, 'all') || isSame(one, other, ['all']);
}

/** The same name; a quoted one is no word of the language, and no group. */
function isSame(one: HbaToken, other: HbaToken, words: readonly string[]): boolean {
  const isSpecial = words.includes(one.text) || one.text.startsWith('+');
  return one.text === other.text && (!isSpecial || one.isQuoted === other.isQuoted);
}

/** Passwords for a directory and for RADIUS stand in the rule; what comes after one may belong to it. */
function withoutSecret(text: string): string {
  return text.replace(/(ldapbindpasswd|radiussecrets)(["'\s]*=).*/is, '$1$2********');
}

function isWord({ text, isQuoted }: HbaToken, word: string): boolean {
  return !isQuoted && text === word;
}
