import type { Knex } from 'knex';

/**
 * Authorities that sign certificates of services, and what they signed. They are apart from those that let agents in:
 * whoever trusts one of these trusts nothing of the fleet.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('service_authorities', (table) => {
    table.string('fingerprint').primary();
    table.text('root_pem').notNullable();
    table.string('key_name').notNullable();
    table.bigInteger('made_at').notNullable();
    table.bigInteger('ends_at').notNullable();
    table.bigInteger('retired_at');
  });
  await db.schema.createTable('service_certificates', (table) => {
    table.string('run_id').notNullable().references('runs.id');
    table.text('target').notNullable();
    table.string('node_id').notNullable().references('nodes.id');
    table.string('authority').notNullable().references('service_authorities.fingerprint');
    table.string('serial').notNullable();
    table.bigInteger('not_after').notNullable();
    table.bigInteger('signed_at').notNullable();
    // One signature for a run and a pair, whoever asks how often.
    table.primary(['run_id', 'target']);
  });
}
