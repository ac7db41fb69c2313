import { plainText } from '@castellan/shared/model/bounds';
import { type SeenCertificate, type Verdict, verdictKey } from '@castellan/shared/model/verdict';
import type { Knex } from 'knex';

export interface StoredVerdict {
  readonly verdict: Verdict;
  readonly digest: string;
  /** When the status became what it is. */
  readonly since: number;
  readonly observedAt: number;
}

export interface VerdictOfNode {
  readonly nodeId: string;
  readonly control: string;
  readonly subject: string;
}

interface Row {
  node_id: string;
  control: string;
  subject: string;
  status: string;
  digest: string;
  verdict_json: string;
  bytes: number;
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
    /** Keys and digests, for the digest of the whole state: of what was left out too. */
    async digestsOf(nodeId: string): Promise<(readonly [key: string, digest: string])[]> {
      const kept = await table().where({ node_id: nodeId }).select('control', 'subject', 'digest');
      const refused = await db('refused_verdicts').where({ node_id: nodeId });
      return [...kept, ...refused].map(
        (row) => [verdictKey({ control: row.control, subject: row.subject }), row.digest] as const,
      );
    },
    /** `digest` is of the verdict as the node sent it; what is kept may differ in its title. */
    async put(
      nodeId: string,
      verdict: Verdict,
      facts: { digest: string; since: number; observedAt: number },
    ): Promise<void> {
      const text = JSON.stringify(verdict);
      const columns = {
        status: verdict.status,
        digest: facts.digest,
        verdict_json: text,
        bytes: Buffer.byteLength(text),
        since: facts.since,
        observed_at: facts.observedAt,
      };
      await table()
        .insert({ node_id: nodeId, control: verdict.control, subject: verdict.subject, ...columns })
        .onConflict(['node_id', 'control', 'subject'])
        .merge(columns);
      // Those of the verdict before went with it.
      const seen = verdict.certificates ?? [];
      if (seen.length > 0)
        await db('certificates').insert(seen.map((one) => certificateRow(nodeId, verdict, one)));
    },
    /** Everything that is held of this node was seen again, by its clock. */
    async confirmAll(nodeId: string, observedAt: number): Promise<void> {
      await table()
        .where({ node_id: nodeId })
        .where('observed_at', '<', observedAt)
        .update({ observed_at: observedAt });
    },
    /** What is kept of this node's verdicts; from an index. */
    async shareOf(nodeId: string): Promise<{ verdicts: number; bytes: number }> {
      const row = await db('verdicts')
        .where({ node_id: nodeId })
        .count('* as n')
        .sum('bytes as bytes')
        .first<{ n: number; bytes: number | null }>();
      return { verdicts: Number(row?.n ?? 0), bytes: Number(row?.bytes ?? 0) };
    },
    /** Leaves a verdict out and keeps its digest; true when it is new here and there is no room for it either. */
    async refuse(key: VerdictOfNode, digest: string, countMax: number): Promise<boolean> {
      const where = { node_id: key.nodeId, control: key.control, subject: key.subject };
      if ((await db('refused_verdicts').where(where).update({ digest })) > 0) return false;
      const row = await db('refused_verdicts').where({ node_id: key.nodeId }).count('* as n').first();
      if (Number(row?.n ?? 0) >= countMax) return true;
      await db('refused_verdicts').insert({ ...where, digest });
      return false;
    },
    /** Controls of which verdicts were left out. */
    async refusedControls(nodeId: string): Promise<string[]> {
      const rows = await db('refused_verdicts').where({ node_id: nodeId }).distinct('control');
      return rows.map((row) => String(row.control));
    },
    /** These are known now: their digests must differ, so that the whole state is asked for. */
    async forgetRefusedOf(controls: readonly string[]): Promise<void> {
      await db('refused_verdicts')
        .whereIn('control', [...controls])
        .delete();
    },
    async removeRefused({ nodeId, control, subject }: VerdictOfNode): Promise<void> {
      await db('refused_verdicts').where({ node_id: nodeId, control, subject }).delete();
    },
    async remove(nodeId: string, control: string, subject: string): Promise<void> {
      await table().where({ node_id: nodeId, control, subject }).delete();
    },
    /** Everything that is held of this node. */
    async forgetNode(nodeId: string): Promise<void> {
      for (const name of ['verdicts', 'refused_verdicts', 'received'])
        await db(name).where({ node_id: nodeId }).delete();
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
    async purgeBootsBefore(at: number): Promise<number> {
      return db('received').where('at', '<', at).delete();
    },
    /** Keeps the newest boots of this node. */
    async purgeBootsBeyond(nodeId: string, countMax: number): Promise<void> {
      const newest = db('received')
        .where({ node_id: nodeId })
        .orderBy('at', 'desc')
        .limit(countMax)
        .select('boot_id');
      await db('received').where({ node_id: nodeId }).whereNotIn('boot_id', newest).delete();
    },
  };
}

function certificateRow(nodeId: string, { control, subject }: Verdict, seen: SeenCertificate) {
  return {
    node_id: nodeId,
    control,
    subject,
    path: plainText(seen.path),
    certificate_subject: seen.subject,
    issuer: seen.issuer,
    serial: seen.serial,
    fingerprint: seen.fingerprint,
    key_sha256: seen.keySha256 ?? '',
    not_before: seen.notBeforeMs,
    not_after: seen.notAfterMs,
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
