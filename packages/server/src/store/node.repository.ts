import type { NodeDescription } from '@castellan/shared/model/node';
import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Heartbeat } from '@castellan/shared/protocol/messages';
import type { Knex } from 'knex';
import type { PublicJwk } from '../ports/authority.js';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODES_SEARCHED } from './node-search.js';
import { glance, type NodeGlance, nodeSweeps } from './node-sweeps.js';
import { groupRow, serverRow } from './own-row.js';
import { searchOf } from './search/search.js';

export interface NodeRecord extends NodeGlance {
  readonly group: string;
  readonly certificateSerial: string;
  /** Of a certificate that was issued and not used yet. */
  readonly candidateSerial: string | null;
  readonly publicJwk: PublicJwk;
  /** Of the authority that issued its certificate. */
  readonly certificateAuthority: string;
  /** Fingerprints of the authorities that it said it trusts, sorted; null: it never said. */
  readonly trustedAuthorities: readonly string[] | null;
  readonly agentVersion: string | null;
  readonly description: NodeDescription | null;
  readonly connected: boolean;
  readonly watchers: Heartbeat['watchers'];
  readonly spool: Heartbeat['spool'] | null;
  /** A row of the server's own findings, about itself or about a group: no node. */
  readonly isServer: boolean;
  /** Active findings of each severity. */
  readonly open: Readonly<Record<Severity, number>>;
}

export const LINKS = ['connected', 'silent', 'revoked'] as const;
/** The worst severity of a node's active findings. */
export const WORST = [...SEVERITIES, 'none'] as const;
/** How nodes may be sorted: what the API takes. */
export const NODE_SORTS = ['name', 'worst', 'seen', 'certificate', 'group', 'momentum'] as const;

export interface NodeFilter {
  /** The retired ones; those that are looked after, when it is not said. */
  readonly isRetired?: boolean;
  readonly group?: string;
  readonly worst?: string;
  readonly link?: string;
  readonly momentum?: string;
  readonly agent?: string;
  /** A search: in the name, the group, the agent's version, and what the node says of itself. */
  readonly text?: string;
}

interface Row {
  id: string;
  name: string;
  group_name: string;
  enrolled_at: number;
  certificate_serial: string;
  certificate_not_after: number;
  candidate_serial: string | null;
  is_server: number;
  public_jwk_json: string;
  certificate_authority: string | null;
  trusted_authorities: string | null;
  agent_version: string | null;
  description_json: string | null;
  connected: number;
  last_seen_at: number | null;
  watchers_json: string;
  spool_json: string | null;
  configuration_json: string | null;
  retired_at: number | null;
  /** Of a deleted node, of which no more is kept, the name that it had. */
  former_name: string | null;
}

interface ReadRow extends Row, Record<`open_${Severity}`, number> {
  revoked: number;
}

export type NodeEnrolment = Pick<
  NodeRecord,
  | 'id'
  | 'name'
  | 'group'
  | 'enrolledAt'
  | 'certificateSerial'
  | 'certificateNotAfter'
  | 'publicJwk'
  | 'agentVersion'
  | 'certificateAuthority'
  | 'trustedAuthorities'
>;

/** What a node is known by from the first use of a certificate on. */
export type NodeCertificate = Pick<
  NodeRecord,
  'certificateSerial' | 'certificateNotAfter' | 'publicJwk' | 'certificateAuthority'
>;

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'nodes.id',
  usualSort: 'name',
  sorts: {
    name: { terms: ['nodes.name'], natural: 'asc' },
    worst: {
      terms: ['nodes.open_rank', 'nodes.connected', 'nodes.name'],
      natural: 'desc',
      isTurned: true,
    },
    seen: { terms: ['nodes.seen_at'], natural: 'desc' },
    certificate: { terms: ['nodes.certificate_not_after'], natural: 'asc' },
    group: { terms: ['nodes.group_name', 'nodes.name'], natural: 'asc' },
    momentum: { terms: ['nodes.momentum', 'nodes.name'], natural: 'asc' },
  } satisfies Record<(typeof NODE_SORTS)[number], Sort>,
  facets: {
    group: { column: 'nodes.group_name' },
    worst: { column: 'nodes.worst' },
    momentum: { column: 'nodes.momentum' },
    agent: { column: 'nodes.agent' },
    link: { column: 'nodes.link' },
  },
};
/** What is read of a node: the table has more, which is worked out for each row. */
const COLUMNS = [
  ...['id', 'name', 'group_name', 'enrolled_at', 'certificate_serial', 'certificate_not_after'],
  ...['candidate_serial', 'is_server', 'public_jwk_json', 'agent_version', 'description_json', 'connected'],
  ...['last_seen_at', 'watchers_json', 'spool_json', 'retired_at', 'revoked'],
  ...['certificate_authority', 'trusted_authorities'],
  ...SEVERITIES.map((severity) => `open_${severity}`),
].map((column) => `nodes.${column}`);

export function nodeRepository(db: Knex) {
  const table = () => db<Row>('nodes');
  const rows = () => db('nodes').select<ReadRow[]>(COLUMNS).whereNull('former_name');
  const fleet = () => rows().where({ is_server: 0 });
  return {
    ...nodeSweeps(db),
    async get(id: string): Promise<NodeRecord | null> {
      const row = await rows().where({ id }).first();
      return row ? read(row as ReadRow) : null;
    },
    /** Names of hosts do not differ by case: the node of this very name, or else one whose name reads the same. */
    async byName(name: string): Promise<NodeRecord | null> {
      const row = await fleet()
        .whereRaw('lower(name) = lower(?)', [name])
        .orderByRaw('(name = ?) desc', [name])
        .first();
      return row ? read(row as ReadRow) : null;
    },
    /** By name as usual: those that are looked after, or the retired ones. */
    async list(filter: NodeFilter, request: ListRequest): Promise<ListPage<NodeRecord>> {
      const { isRetired = false, text, ...wanted } = filter;
      const listed = isRetired ? 1 : 0;
      const spec: ListSpec = {
        ...LIST,
        db,
        // The list's own order has an index without the text: a search would read every node.
        from: () =>
          (text ? db(db.raw('nodes indexed by nodes_searched')) : db('nodes')).where('nodes.listed', listed),
        counters: () => db('node_counts as nodes').where('nodes.listed', listed),
      };
      const { narrow } = await searchOf(db, NODES_SEARCHED, text);
      const shown = { rows: (page: Knex.QueryBuilder) => rows().join(page, 'page_id', 'nodes.id'), read };
      return readList<ReadRow, NodeRecord>(
        spec,
        { wanted, narrow: text ? narrow : undefined },
        request,
        shown,
      );
    },
    /** Those that are looked after. */
    async count(): Promise<{ total: number; connected: number; revoked: number }> {
      const all = db('nodes').where({ is_server: 0 }).whereNull('retired_at');
      const row = await all
        .clone()
        .select(db.raw('count(*) as total, coalesce(sum(connected), 0) as connected'))
        .first();
      const revoked = await all
        .clone()
        .whereIn('certificate_serial', db('revoked_certificates').select('serial'))
        .count('* as n')
        .first();
      return {
        total: Number(row?.total ?? 0),
        connected: Number(row?.connected ?? 0),
        revoked: Number(revoked?.n ?? 0),
      };
    },
    async change(id: string, change: { name?: string; group?: string }): Promise<void> {
      const { name, group } = change;
      await table()
        .where({ id })
        .update({
          ...(name === undefined ? {} : { name }),
          ...(group === undefined ? {} : { group_name: group }),
        });
    },
    async retire(id: string, at: number): Promise<void> {
      await table().where({ id }).update({ retired_at: at, connected: 0 });
    },
    /** Its history still names it: its id and its name stay, nothing else of it does. */
    async forget({ id, name }: Pick<NodeRecord, 'id' | 'name'>): Promise<void> {
      await table()
        .where({ id })
        .update({
          // No node can be called so: the name is free for another.
          name: `deleted ${id}`,
          former_name: name,
          certificate_serial: '',
          public_jwk_json: '{}',
          agent_version: null,
          description_json: null,
          watchers_json: '[]',
          spool_json: null,
          configuration_json: null,
        });
    },
    async put(node: NodeEnrolment): Promise<void> {
      const columns = {
        name: node.name,
        group_name: node.group,
        enrolled_at: node.enrolledAt,
        certificate_serial: node.certificateSerial,
        certificate_not_after: node.certificateNotAfter,
        public_jwk_json: JSON.stringify(node.publicJwk),
        certificate_authority: node.certificateAuthority,
        trusted_authorities: listText(node.trustedAuthorities),
        agent_version: node.agentVersion,
        candidate_serial: null,
      };
      await table()
        .insert({ id: node.id, ...columns })
        .onConflict('id')
        .merge(columns);
    },
    /** The row that the server's findings about itself belong to. */
    async putServer(id: string, at: number): Promise<void> {
      await table().insert(serverRow(id, at)).onConflict('id').ignore();
    },
    /** The row that the findings about a group as a whole belong to. */
    async putGroup(group: string, at: number): Promise<void> {
      await table().insert(groupRow(group, at)).onConflict('id').ignore();
    },
    /** A certificate was issued for the node, and waits for its first use. */
    async setCandidate(id: string, serial: string): Promise<void> {
      await table().where({ id }).update({ candidate_serial: serial });
    },
    /** The node uses this certificate from now on. */
    async setCertificate(id: string, certificate: NodeCertificate): Promise<void> {
      await table()
        .where({ id })
        .update({
          certificate_serial: certificate.certificateSerial,
          certificate_not_after: certificate.certificateNotAfter,
          public_jwk_json: JSON.stringify(certificate.publicJwk),
          certificate_authority: certificate.certificateAuthority,
          candidate_serial: null,
        });
    },
    /** What the node says that it trusts the server by; null: it cannot be told of another authority. */
    async setTrust(id: string, fingerprints: readonly string[] | null): Promise<void> {
      await table()
        .where({ id })
        .update({ trusted_authorities: listText(fingerprints) });
    },
    async recordHello(
      id: string,
      at: number,
      hello: { agentVersion: string; description: NodeDescription },
    ): Promise<void> {
      await table()
        .where({ id, retired_at: null })
        .update({
          connected: 1,
          last_seen_at: at,
          agent_version: hello.agentVersion,
          description_json: JSON.stringify(hello.description),
        });
    },
    /** What it says of its configuration goes to a table of its own as it changes (022-configurations). */
    async heard(
      id: string,
      at: number,
      heartbeat: Pick<Heartbeat, 'watchers' | 'spool' | 'configuration'>,
    ): Promise<void> {
      await table()
        .where({ id, retired_at: null })
        .update({
          last_seen_at: at,
          connected: 1,
          watchers_json: JSON.stringify(heartbeat.watchers),
          spool_json: JSON.stringify(heartbeat.spool),
          configuration_json: heartbeat.configuration ? JSON.stringify(heartbeat.configuration) : null,
        });
    },
    async parted(id: string): Promise<void> {
      await table().where({ id }).update({ connected: 0 });
    },
    /** At start nobody is connected yet, whatever the last life of the server wrote. */
    async partAll(): Promise<void> {
      await table().where({ connected: 1 }).update({ connected: 0 });
    },
    async revoke(serial: string, nodeId: string, at: number, reason: string): Promise<void> {
      await db('revoked_certificates')
        .insert({ serial, node_id: nodeId, at, reason })
        .onConflict('serial')
        .ignore();
    },
    /** Its certificates: the one in use, and the one that was issued and not used yet. */
    async revokeAll(
      {
        id,
        certificateSerial,
        candidateSerial,
      }: Pick<NodeRecord, 'id' | 'certificateSerial' | 'candidateSerial'>,
      at: number,
      reason: string,
    ): Promise<void> {
      for (const serial of [certificateSerial, candidateSerial])
        if (serial !== null) await this.revoke(serial, id, at, reason);
    },
    async isRevoked(serial: string): Promise<boolean> {
      return (await db('revoked_certificates').where({ serial }).first()) !== undefined;
    },
  };
}

function read(row: ReadRow): NodeRecord {
  return {
    ...glance(row),
    group: row.group_name,
    certificateSerial: row.certificate_serial,
    candidateSerial: row.candidate_serial,
    publicJwk: JSON.parse(row.public_jwk_json) as PublicJwk,
    certificateAuthority: row.certificate_authority ?? '',
    trustedAuthorities:
      row.trusted_authorities === null ? null : (JSON.parse(row.trusted_authorities) as string[]),
    agentVersion: row.agent_version,
    description: row.description_json ? (JSON.parse(row.description_json) as NodeDescription) : null,
    connected: Boolean(row.connected),
    watchers: JSON.parse(row.watchers_json) as Heartbeat['watchers'],
    spool: row.spool_json ? (JSON.parse(row.spool_json) as Heartbeat['spool']) : null,
    isServer: Boolean(row.is_server),
    open: {
      critical: row.open_critical,
      high: row.open_high,
      medium: row.open_medium,
      low: row.open_low,
    },
  };
}

/** In one order, so that texts of the same list are the same. */
function listText(fingerprints: readonly string[] | null): string | null {
  return fingerprints === null ? null : JSON.stringify([...new Set(fingerprints)].sort());
}

/** The name of the node `n` of a joined query; of a deleted one the name that it had. */
export const NODE_NAME = 'coalesce(n.former_name, n.name)';
