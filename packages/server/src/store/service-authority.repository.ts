import type { Knex } from 'knex';

export interface ServiceAuthorityRecord {
  /** SHA-256 of the root's DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly rootPem: string;
  /** What its key is kept under, among the secrets; the key of a retired one is gone. */
  readonly keyName: string;
  readonly madeAt: number;
  readonly endsAt: number;
  /** Since when it signs no more; null: it may. */
  readonly retiredAt: number | null;
}

export interface SignedCertificate {
  readonly runId: string;
  /** The file that it was asked for. */
  readonly target: string;
  readonly nodeId: string;
  readonly authority: string;
  readonly serial: string;
  readonly notAfter: number;
  readonly signedAt: number;
}

/** Authorities that sign certificates of services, and what they signed. */
export function serviceAuthorityRepository(db: Knex) {
  return {
    /** The oldest first. */
    async all(): Promise<ServiceAuthorityRecord[]> {
      return (await db('service_authorities').orderBy(['made_at', 'fingerprint'])).map(read);
    },
    async add(one: Omit<ServiceAuthorityRecord, 'retiredAt'>): Promise<void> {
      const { fingerprint, rootPem, keyName, madeAt, endsAt } = one;
      await db('service_authorities').insert({
        fingerprint,
        root_pem: rootPem,
        key_name: keyName,
        made_at: madeAt,
        ends_at: endsAt,
      });
    },
    async retire(fingerprint: string, at: number): Promise<void> {
      await db('service_authorities').where({ fingerprint }).update({ retired_at: at });
    },
    /** False: one was signed for this run and file already. */
    async addSigned(one: SignedCertificate): Promise<boolean> {
      const { runId, target } = one;
      const known = await db('service_certificates').where({ run_id: runId, target }).first('serial');
      if (known) return false;
      await db('service_certificates').insert({
        run_id: runId,
        target,
        node_id: one.nodeId,
        authority: one.authority,
        serial: one.serial,
        not_after: one.notAfter,
        signed_at: one.signedAt,
      });
      return true;
    },
    /** How many certificates of each authority are within their time. */
    async inTime(now: number): Promise<ReadonlyMap<string, number>> {
      const rows = await db('service_certificates')
        .where('not_after', '>', now)
        .groupBy('authority')
        .select('authority', db.raw('count(*) as n'));
      return new Map(rows.map((row) => [String(row.authority), Number(row.n)]));
    },
  };
}

function read(row: Record<string, unknown>): ServiceAuthorityRecord {
  return {
    fingerprint: String(row.fingerprint),
    rootPem: String(row.root_pem),
    keyName: String(row.key_name),
    madeAt: Number(row.made_at),
    endsAt: Number(row.ends_at),
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
  };
}
