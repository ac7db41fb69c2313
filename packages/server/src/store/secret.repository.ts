import type { Knex } from 'knex';

/** Things sealed with the master key (the authority's key, the command key), and small facts about this server. */
export function secretRepository(db: Knex) {
  return {
    async get(name: string): Promise<string | null> {
      const row = await db('secrets').where({ name }).first();
      return row ? String(row.sealed) : null;
    },
    async put(name: string, sealed: string, at: number): Promise<void> {
      await db('secrets').insert({ name, sealed, created_at: at });
    },
    async remove(name: string): Promise<void> {
      await db('secrets').where({ name }).delete();
    },
    async fact(name: string): Promise<string | null> {
      const row = await db('meta').where({ name }).first();
      return row ? String(row.value) : null;
    },
    async setFact(name: string, value: string): Promise<void> {
      await db('meta').insert({ name, value }).onConflict('name').merge({ value });
    },
  };
}
