import type { Knex } from 'knex';

export interface AuthorityRecord {
  /** SHA-256 of the root's DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly rootPem: string;
  /** What its key is kept under, among the secrets; the key of a retired one is gone. */
  readonly keyName: string;
  readonly madeAt: number;
  /** Since when the agent listener's certificate is of it; null: it never was. */
  readonly servingAt: number | null;
  /** Since when it is trusted no more; null: it is trusted. */
  readonly retiredAt: number | null;
}

/** How a node stands to the authorities. */
export interface NodeTrust {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  /** Of the authority that its certificate is of. */
  readonly certificateAuthority: string;
  /** Fingerprints, sorted; null: its agent cannot be told of another authority. */
  readonly trusts: readonly string[] | null;
}

/** The authorities of this server, with those of before. */
export function authorityRepository(db: Knex) {
  const table = () => db('authorities');
  return {
    /** The oldest first. */
    async all(): Promise<AuthorityRecord[]> {
      return (await table().orderBy(['made_at', 'fingerprint'])).map(read);
    },
    /** Every node that may connect, by name: neither retired nor revoked. */
    async nodes(): Promise<NodeTrust[]> {
      const found = await db('nodes')
        .where({ is_server: 0 })
        .whereNull('retired_at')
        .whereNull('former_name')
        .whereNotIn('certificate_serial', db('revoked_certificates').select('serial'))
        .orderBy('name')
        .select('id', 'name', 'connected', 'certificate_authority', 'trusted_authorities');
      return found.map((row) => ({
        id: String(row.id),
        name: String(row.name),
        connected: Boolean(row.connected),
        certificateAuthority: row.certificate_authority ?? '',
        trusts: row.trusted_authorities === null ? null : (JSON.parse(row.trusted_authorities) as string[]),
      }));
    },
    async add(one: Pick<AuthorityRecord, 'fingerprint' | 'rootPem' | 'keyName' | 'madeAt'>): Promise<void> {
      const { fingerprint, rootPem, keyName, madeAt } = one;
      await table().insert({ fingerprint, root_pem: rootPem, key_name: keyName, made_at: madeAt });
    },
    async serve(fingerprint: string, at: number): Promise<void> {
      await table().where({ fingerprint }).update({ serving_at: at });
    },
    async retire(fingerprint: string, at: number): Promise<void> {
      await table().where({ fingerprint }).update({ retired_at: at });
    },
  };
}

function read(row: Record<string, unknown>): AuthorityRecord {
  const instant = (value: unknown) => (value === null ? null : Number(value));
  return {
    fingerprint: String(row.fingerprint),
    rootPem: String(row.root_pem),
    keyName: String(row.key_name),
    madeAt: Number(row.made_at),
    servingAt: instant(row.serving_at),
    retiredAt: instant(row.retired_at),
  };
}
