import type { Knex } from 'knex';
import { auditRepository } from './audit.repository.js';
import { deliveryRepository } from './delivery.repository.js';
import { findingRepository } from './finding.repository.js';
import { nodeRepository } from './node.repository.js';
import { openDatabase } from './open.js';
import { planRepository } from './plan.repository.js';
import { runRepository } from './run.repository.js';
import { secretRepository } from './secret.repository.js';
import { targetRepository } from './target.repository.js';
import { tokenRepository } from './token.repository.js';
import { userRepository } from './user.repository.js';
import { verdictRepository } from './verdict.repository.js';

function repositories(db: Knex) {
  return {
    audit: auditRepository(db),
    deliveries: deliveryRepository(db),
    findings: findingRepository(db),
    nodes: nodeRepository(db),
    plans: planRepository(db),
    runs: runRepository(db),
    secrets: secretRepository(db),
    targets: targetRepository(db),
    tokens: tokenRepository(db),
    users: userRepository(db),
    verdicts: verdictRepository(db),
  };
}

export type Repositories = ReturnType<typeof repositories>;

export interface Store {
  /** For reading, and for single statements that need no company. Never inside `transaction`. */
  readonly read: Repositories;
  /** All or nothing. Work gets the only repositories that it may use. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** A consistent copy of the whole database in a new file, while the server runs. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStore(file: string): Promise<Store> {
  const db = await openDatabase(file);
  return {
    read: repositories(db),
    transaction: (work) =>
      db.transaction(async (trx) => {
        // Takes the write lock before anything is read: a transaction that reads first cannot wait for another process.
        await trx('meta').insert({ name: 'writer', value: '' }).onConflict('name').merge();
        return work(repositories(trx));
      }),
    backup: async (target) => {
      await db.raw('vacuum into ?', [target]);
    },
    close: () => db.destroy(),
  };
}
