import { createHash, X509Certificate } from 'node:crypto';
import type { Knex } from 'knex';

/**
 * Authorities by the dozen lines of their history: made, serving (the agent listener's certificate is of it) and retired.
 * Of each node, which one its certificate is of, and which ones it said that it trusts (null: it never said).
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(
    `create table authorities (fingerprint text not null primary key, root_pem text not null, key_name text not null,
       made_at bigint not null, serving_at bigint, retired_at bigint)`,
  );
  await db.raw('alter table nodes add column certificate_authority text');
  await db.raw('alter table nodes add column trusted_authorities text');
  const root = await db('meta').where({ name: 'rootPem' }).first();
  if (root === undefined) return;
  // Until now there was one, and every certificate is of it.
  const fingerprint = createHash('sha256').update(new X509Certificate(root.value).raw).digest('hex');
  const key = await db('secrets').where({ name: 'rootKey' }).first();
  const madeAt = Number(key?.created_at ?? 0);
  await db('authorities').insert({
    fingerprint,
    root_pem: root.value,
    key_name: 'rootKey',
    made_at: madeAt,
    serving_at: madeAt,
  });
  await db('nodes').where({ is_server: 0 }).update({ certificate_authority: fingerprint });
}
