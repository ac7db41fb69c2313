import { compareVersions } from '../values/version.js';
import type { OptionInfo } from './info.js';
import { MANUAL_ROWS, type ManualRow } from './manual.generated.js';
import { CORRECTIONS, MODULE_ROWS } from './modules.js';
import { typeOf } from './types.js';

const SCOPES: Readonly<Record<string, string>> = {
  G: 'global',
  B: 'binding',
  BG: 'binding_group',
  D: 'domain',
  H: 'host',
  L: 'listen',
  P: 'peer',
  PW: 'pathway',
  PG: 'pathway_group',
  EL: 'esmtp_listener',
  HL: 'http_listener',
  ECS: 'ecstream_listener',
  XL: 'xmpp_listener',
  CL: 'control_listener',
  ECL: 'eccluster_listener',
  ML: 'msgcserver_listener',
  CLUSTER: 'cluster',
  LOGS: 'logs',
  SNMP: 'snmp',
  TRAPS: 'snmp_traps',
  DEBUG: 'debug_flags',
  SEC: 'security',
  SWEEP: 'adaptive_sweep_rule',
  POOL: 'threadpool',
};

/** A name can stand for several options in several scopes: `state` of snmp and of snmp_traps. */
const TABLE = tableOf([...MANUAL_ROWS, ...MODULE_ROWS]);

function tableOf(rows: readonly ManualRow[]): ReadonlyMap<string, readonly OptionInfo[]> {
  const table = new Map<string, OptionInfo[]>();
  for (const row of rows) {
    const info = infoOf(row);
    table.set(info.name, [...(table.get(info.name) ?? []), info]);
  }
  return table;
}

function infoOf([name, scopes, fallback, major3, major4, page, restart]: ManualRow): OptionInfo {
  const corrected = CORRECTIONS[name] ?? {};
  const value = corrected.default === undefined ? fallback : corrected.default;
  return {
    name,
    type: typeOf(name, value),
    scopes: scopes.split(' ').map((scope) => SCOPES[scope] ?? scope),
    default: value,
    since: { major3, major4: corrected.since4 ?? major4 },
    change: corrected.change ?? (restart === 1 ? 'restart' : 'reload'),
    page,
  };
}

const BY_NAME: ReadonlyMap<string, OptionInfo> = new Map(
  [...TABLE].flatMap(([name, rows]) => {
    const [first] = rows;
    return first ? [[name, { ...first, scopes: [...new Set(rows.flatMap((info) => info.scopes))] }]] : [];
  }),
);

/** What is known of an option, in whatever scopes it stands; null for a name that the manuals' tables do not have. */
export function optionInfo(name: string): OptionInfo | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** The documented default in a scope of this type; null where there is none. */
export function defaultOf(name: string, scopeType: string): string | null {
  const rows = TABLE.get(name.toLowerCase()) ?? [];
  const own = rows.find((info) => info.scopes.includes(scopeType.toLowerCase()));
  return (own ?? rows[0])?.default ?? null;
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
