import { verdictDigest } from '@castellan/shared/model/state-digest';
import { type Verdict, verdictKey } from '@castellan/shared/model/verdict';
import type { Knex } from 'knex';

export interface StoredVerdict {
  readonly verdict: Verdict;
  readonly digest: string;
  /** When the status became what it is. */
  readonly since: number;
  readonly observedAt: number;
}

interface Row {
  node_id: string;
  control: string;
  subject: string;
  status: string;
  digest: string;
  verdict_json: string;
  since: number;
  observed_at: number;
}

/** The newest verdict of each (node, control, subject), and how far each boot of a node has been received. */
export function verdictRepository(db: Knex) {
  const table = () => db<Row>('verdicts');
  return {
    async get(nodeId: string, control: string, subject: string): Promise<StoredVerdict | null> {
      const row = await table().where({ node_id: nodeId, control, subject }).first();
      return row ? read(row) : null;
    },
    async ofNode(nodeId: string): Promise<StoredVerdict[]> {
      return (await table().where({ node_id: nodeId }).orderBy(['control', 'subject'])).map(read);
    },
    /** Keys and digests, for the digest of the whole state. */
    async digestsOf(nodeId: string): Promise<(readonly [key: string, digest: string])[]> {
      const rows = await table().where({ node_id: nodeId }).select('control', 'subject', 'digest');
      return rows.map((row) => [verdictKey(row), row.digest] as const);
    },
    async put(nodeId: string, verdict: Verdict, times: { since: number; observedAt: number }): Promise<void> {
      const columns = {
        status: verdict.status,
        digest: verdictDigest(verdict),
        verdict_json: JSON.stringify(verdict),
        since: times.since,
        observed_at: times.observedAt,
      };
      await table()
        .insert({ node_id: nodeId, control: verdict.control, subject: verdict.subject, ...columns })
        .onConflict(['node_id', 'control', 'subject'])
        .merge(columns);
    },
    async remove(nodeId: string, control: string, subject: string): Promise<void> {
      await table().where({ node_id: nodeId, control, subject }).delete();
    },
    /** The highest number received of this boot; 0 when none was. */
    async receivedUpTo(nodeId: string, bootId: string): Promise<number> {
      const row = await db('received').where({ node_id: nodeId, boot_id: bootId }).first();
      return row ? Number(row.up_to) : 0;
    },
    async markReceived(nodeId: string, bootId: string, upTo: number, at: number): Promise<void> {
      await db('received')
        .insert({ node_id: nodeId, boot_id: bootId, up_to: upTo, at })
        .onConflict(['node_id', 'boot_id'])
        .merge({ up_to: upTo, at });
    },
    async forgetBootsBefore(at: number): Promise<number> {
      return db('received').where('at', '<', at).delete();
    },
  };
}

function read(row: Row): StoredVerdict {
  return {
    verdict: JSON.parse(row.verdict_json) as Verdict,
    digest: row.digest,
    since: Number(row.since),
    observedAt: Number(row.observed_at),
  };
}
