import { WORST_FIRST } from '@castellan/shared/model/verdict';
import type { Knex } from 'knex';
import { type Alike, NAMED_MAX } from '../domain/fleet/alike.js';
import { ENABLED_CONTROL, type SecurecredsNodes, STORE_CONTROL } from '../domain/fleet/securecreds.js';
import { type HeldKey, type KeyPlace, PLACES_MAX } from '../domain/fleet/shared-keys.js';
import type { VersionNodes } from '../domain/fleet/versions.js';
import { SILENCE_CONTROL } from '../domain/node-silence.js';

/** What is to be judged again: `number` grows with every change. */
export interface FleetMark {
  readonly kind: 'group' | 'key';
  /** The group, or SHA-256 of the key. */
  readonly name: string;
  readonly number: number;
}

/** The place of a status in the order that counts, the worst first; null where there is no verdict. */
const worstOf = (parameter: string) =>
  `(select min(case v.status ${WORST_FIRST.map((status, rank) => `when '${status}' then ${rank}`).join(' ')} end)
     from verdicts as v where v.node_id = nodes.id and v.control = ${parameter})`;
const IS_UNHEARD = `(nodes.revoked = 1 or exists (select 1 from findings as f where f.node_id = nodes.id
  and f.control = ? and f.state <> 'resolved'))`;

/** Of a group the nodes that are alike in these columns, the first of each by name. */
const alike = (columns: Readonly<Record<string, string>>) => {
  const names = Object.keys(columns).join(', ');
  const read = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`);
  // Materialized: what is asked of a node is asked once, and not again where it is sorted.
  return `with said as materialized (select name, ${read.join(', ')} from nodes where listed = 0 and group_name = ?)
    select name, total, ${names} from (
      select *, count(*) over (partition by ${names}) as total,
        row_number() over (partition by ${names} order by name) as place from said)
    where place <= ${NAMED_MAX} order by ${names}, name`;
};
const SECURECREDS = alike({ enabled: worstOf('?'), store: worstOf('?'), unheard: IS_UNHEARD });
const VERSIONS = alike({
  version: 'momentum',
  roles: `case when json_valid(description_json) then json_extract(description_json, '$.roles') end`,
  unheard: IS_UNHEARD,
});

type AlikeRow = { name: string; total: number; unheard: number };

/** What is asked of a fleet as a whole. All is grouped and bounded here: no answer grows with the fleet. */
export function fleetRepository(db: Knex) {
  const raw = async <R>(sql: string, values: readonly string[]): Promise<R[]> =>
    (await db.raw(sql, [...values])) as R[];
  return {
    /** What waits to be judged again, at most so many. */
    async marked(kind: FleetMark['kind'], limit: number): Promise<FleetMark[]> {
      return db<FleetMark>('fleet_marks').where({ kind }).orderBy('name').limit(limit);
    },
    /** They were judged as they are; what has changed since stays marked. */
    async judged(marks: readonly FleetMark[]): Promise<void> {
      const judged = JSON.stringify(marks.map(({ kind, name, number }) => [kind, name, number]));
      await db.raw(
        `delete from fleet_marks where (kind, name, number) in
           (select value ->> 0, value ->> 1, value ->> 2 from json_each(?))`,
        [judged],
      );
    },
    /** What an older version judged by other rules. */
    async markGroups(): Promise<void> {
      await db.raw(`insert into fleet_marks (kind, name) select distinct 'group', group_name from nodes where is_server = 0
        on conflict (kind, name) do update set number = number + 1`);
    },
    async securecreds(group: string): Promise<SecurecredsNodes[]> {
      const values = [ENABLED_CONTROL, STORE_CONTROL, SILENCE_CONTROL, group];
      type Found = AlikeRow & { enabled: number | null; store: number | null };
      const status = (rank: number | null) => (rank === null ? null : (WORST_FIRST[rank] ?? null));
      return gathered(await raw<Found>(SECURECREDS, values), ({ enabled, store, unheard }) => ({
        enabled: status(enabled),
        store: status(store),
        isUnheard: Boolean(unheard),
      }));
    },
    async versions(group: string): Promise<VersionNodes[]> {
      type Found = AlikeRow & { version: string; roles: string | null };
      const found = await raw<Found>(VERSIONS, [SILENCE_CONTROL, group]);
      return gathered(found, ({ version, roles, unheard }) => ({
        version: version === '' ? null : version,
        roles: roles === null ? [] : (JSON.parse(roles) as string[]),
        isUnheard: Boolean(unheard),
      }));
    },
    /** Of these keys those that two nodes hold, or that there is a finding about. */
    async keysInQuestion(keys: readonly string[]): Promise<string[]> {
      const rows = await raw<{ name: string }>(
        `select value as name from json_each(?) where
           (select count(*) from (select 1 from certificates as c join nodes as n on n.id = c.node_id and n.listed = 0
              where c.key_sha256 = value and c.key_sha256 <> '' group by c.node_id limit 2)) > 1
           or exists (select 1 from findings as f where f.control = 'CAS-FLEET-002' and f.state <> 'resolved'
              and f.subject = 'key ' || value)`,
        [JSON.stringify(keys)],
      );
      return rows.map(({ name }) => name);
    },
    async heldKey(keySha256: string): Promise<HeldKey> {
      const held = () =>
        db('certificates as c')
          .join('nodes as n', 'n.id', 'c.node_id')
          .where({ 'c.key_sha256': keySha256, 'n.listed': 0 })
          .whereRaw("c.key_sha256 <> ''");
      const groups = await held().distinct('n.group_name as name').orderBy('n.group_name');
      const [counts] = await held().select(
        db.raw(`count(distinct c.node_id || ' ' || c.path) as places, count(distinct c.node_id) as nodes`),
      );
      const places: KeyPlace[] = await held()
        .distinct('n.group_name as group', 'n.name as node', 'c.path as path')
        .orderBy(['n.group_name', 'n.name', 'c.path'])
        .limit(PLACES_MAX);
      return {
        keySha256,
        places,
        placesTotal: Number(counts?.places ?? 0),
        groups: groups.map(({ name }) => String(name)),
        nodesTotal: Number(counts?.nodes ?? 0),
      };
    },
    /** Nodes that are looked after, of these names. */
    async named(names: readonly string[]): Promise<{ id: string; name: string }[]> {
      return db('nodes')
        .where({ listed: 0 })
        .whereIn('name', [...names])
        .orderBy('name')
        .select('id', 'name');
    },
  };
}

/** Rows of nodes that are alike, one after the other, as one with their names. */
function gathered<R extends AlikeRow, T>(rows: readonly R[], read: (row: R) => T): (T & Alike)[] {
  const found = new Map<string, { row: R; names: string[] }>();
  for (const row of rows) {
    const { name, ...what } = row;
    const key = JSON.stringify(what);
    const known = found.get(key);
    if (known) known.names.push(name);
    else found.set(key, { row, names: [name] });
  }
  return [...found.values()].map(({ row, names }) => ({ ...read(row), names, total: Number(row.total) }));
}
