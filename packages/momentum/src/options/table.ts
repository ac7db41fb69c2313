import { compareVersions } from '../values/version.js';
import type { DatedDefault, OptionInfo } from './info.js';
import type { OptionRow } from './row.js';
import { OPTION_ROWS } from './rows/all.js';

/** A name can stand for several options in several scopes: `state` of snmp and of snmp_traps. */
const TABLE = tableOf(OPTION_ROWS);

function tableOf(rows: readonly OptionRow[]): ReadonlyMap<string, readonly OptionInfo[]> {
  const table = new Map<string, OptionInfo[]>();
  for (const row of rows) {
    const info = infoOf(row);
    table.set(info.name, [...(table.get(info.name) ?? []), info]);
  }
  return table;
}

function infoOf(row: OptionRow): OptionInfo {
  const defaults = defaultsOf(row);
  return {
    name: row.name,
    type: row.type,
    scopes: row.scopes,
    default: defaults.at(-1)?.text ?? null,
    defaults,
    since: { major3: row.since3 ?? null, major4: row.since4 ?? null },
    change: row.restart ? 'restart' : 'reload',
    page: row.page,
    secret: row.secret ?? false,
  };
}

function defaultsOf({ default: defaults }: OptionRow): readonly DatedDefault[] {
  return typeof defaults === 'object' ? defaults : [{ since: '3.0', text: defaults ?? null }];
}

const BY_NAME: ReadonlyMap<string, OptionInfo> = new Map(
  [...TABLE].flatMap(([name, rows]) => {
    const [first] = rows;
    if (!first) return [];
    const scopes = [...new Set(rows.flatMap((info) => info.scopes))];
    return [[name, { ...first, scopes, secret: rows.some((info) => info.secret) }]];
  }),
);

/** Every name of the table. */
export const OPTION_NAMES: readonly string[] = [...BY_NAME.keys()];

/** What is known of an option, in whatever scopes it stands; null for a name that the manuals' tables do not have. */
export function optionInfo(name: string): OptionInfo | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/**
 * The documented default in a scope of this type; null where there is none. Releases can differ: without one, the answer
 * is the newest default, and `optionInfo(name).defaults` has them all.
 */
export function defaultOf(name: string, scopeType: string, momentumVersion?: string): string | null {
  const rows = TABLE.get(name.toLowerCase()) ?? [];
  const info = rows.find(({ scopes }) => scopes.includes(scopeType.toLowerCase())) ?? rows[0];
  if (!info) return null;
  if (momentumVersion === undefined) return info.default;
  const reached = info.defaults.filter(({ since }) => compareVersions(momentumVersion, since) >= 0);
  return (reached.at(-1) ?? info.defaults[0])?.text ?? null;
}

/** Whether a release knows an option; null where the option is not in the table. */
export function optionExists(name: string, momentumVersion: string): boolean | null {
  const info = optionInfo(name);
  if (!info) return null;
  const since = Number.parseInt(momentumVersion, 10) >= 4 ? info.since.major4 : info.since.major3;
  if (since === 'none') return false;
  return (
    since === null ||
    isReached(
      since.split(',').map((release) => release.trim()),
      momentumVersion,
    )
  );
}

/** Of several releases, each but the last opened the option in its own branch only: 3.6.0 comes before `3.5.10, 3.6.4`. */
function isReached(releases: readonly string[], version: string): boolean {
  return releases.some((release, i) => {
    const isLast = i === releases.length - 1;
    return compareVersions(version, release) >= 0 && (isLast || branchOf(version) === branchOf(release));
  });
}

function branchOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
