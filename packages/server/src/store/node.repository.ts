import type { NodeDescription } from '@castellan/shared/model/node';
import type { Heartbeat } from '@castellan/shared/protocol/messages';
import type { Knex } from 'knex';
import type { PublicJwk } from '../ports/authority.js';

export interface NodeRecord {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly enrolledAt: number;
  readonly certificateSerial: string;
  readonly certificateNotAfter: number;
  /** Of a certificate that was issued and not used yet. */
  readonly candidateSerial: string | null;
  readonly publicJwk: PublicJwk;
  readonly agentVersion: string | null;
  readonly description: NodeDescription | null;
  readonly connected: boolean;
  readonly lastSeenAt: number | null;
  readonly watchers: Heartbeat['watchers'];
  readonly spool: Heartbeat['spool'] | null;
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
  agent_version: string | null;
  description_json: string | null;
  connected: number;
  last_seen_at: number | null;
  watchers_json: string;
  spool_json: string | null;
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
>;

/** What a node is known by from the first use of a certificate on. */
export type NodeCertificate = Pick<NodeRecord, 'certificateSerial' | 'certificateNotAfter' | 'publicJwk'>;

/** No host has a blank in its name: it is nobody else's. */
export const SERVER_NAME = 'Castellan server';

export function nodeRepository(db: Knex) {
  const table = () => db<Row>('nodes');
  const fleet = () => table().where({ is_server: 0 });
  return {
    async get(id: string): Promise<NodeRecord | null> {
      const row = await table().where({ id }).first();
      return row ? read(row) : null;
    },
    /** Names of hosts do not differ by case: the node of this very name, or else one whose name reads the same. */
    async byName(name: string): Promise<NodeRecord | null> {
      const row = await fleet()
        .whereRaw('lower(name) = lower(?)', [name])
        .orderByRaw('(name = ?) desc', [name])
        .first();
      return row ? read(row) : null;
    },
    /** By name, after `afterName`; one row more than `limit` tells that there is another page. */
    async list(limit: number, afterName: string | null): Promise<NodeRecord[]> {
      const query = fleet().orderBy('name').limit(limit);
      if (afterName !== null) query.where('name', '>', afterName);
      return (await query).map(read);
    },
    async all(): Promise<NodeRecord[]> {
      return (await fleet().orderBy('name')).map(read);
    },
    async count(): Promise<{ total: number; connected: number }> {
      const row = await db('nodes')
        .where({ is_server: 0 })
        .select(db.raw('count(*) as total, coalesce(sum(connected), 0) as connected'))
        .first();
      return { total: Number(row?.total ?? 0), connected: Number(row?.connected ?? 0) };
    },
    async put(node: NodeEnrolment): Promise<void> {
      const columns = {
        name: node.name,
        group_name: node.group,
        enrolled_at: node.enrolledAt,
        certificate_serial: node.certificateSerial,
        certificate_not_after: node.certificateNotAfter,
        public_jwk_json: JSON.stringify(node.publicJwk),
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
      await table()
        .insert({
          id,
          name: SERVER_NAME,
          group_name: '',
          enrolled_at: at,
          certificate_serial: '',
          certificate_not_after: 0,
          public_jwk_json: JSON.stringify({ kty: '', crv: '', x: '', y: '' }),
          is_server: 1,
        })
        .onConflict('id')
        .ignore();
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
          candidate_serial: null,
        });
    },
    async recordHello(
      id: string,
      at: number,
      hello: { agentVersion: string; description: NodeDescription },
    ): Promise<void> {
      await table()
        .where({ id })
        .update({
          connected: 1,
          last_seen_at: at,
          agent_version: hello.agentVersion,
          description_json: JSON.stringify(hello.description),
        });
    },
    async heard(id: string, at: number, heartbeat: Pick<Heartbeat, 'watchers' | 'spool'>): Promise<void> {
      await table()
        .where({ id })
        .update({
          last_seen_at: at,
          connected: 1,
          watchers_json: JSON.stringify(heartbeat.watchers),
          spool_json: JSON.stringify(heartbeat.spool),
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
    async isRevoked(serial: string): Promise<boolean> {
      return (await db('revoked_certificates').where({ serial }).first()) !== undefined;
    },
  };
}

function read(row: Row): NodeRecord {
  return {
    id: row.id,
    name: row.name,
    group: row.group_name,
    enrolledAt: Number(row.enrolled_at),
    certificateSerial: row.certificate_serial,
    certificateNotAfter: Number(row.certificate_not_after),
    candidateSerial: row.candidate_serial,
    publicJwk: JSON.parse(row.public_jwk_json) as PublicJwk,
    agentVersion: row.agent_version,
    description: row.description_json ? (JSON.parse(row.description_json) as NodeDescription) : null,
    connected: Boolean(row.connected),
    lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
    watchers: JSON.parse(row.watchers_json) as Heartbeat['watchers'],
    spool: row.spool_json ? (JSON.parse(row.spool_json) as Heartbeat['spool']) : null,
  };
}
