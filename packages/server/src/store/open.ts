import knexLibrary, { type Knex } from 'knex';
import { migrationSource } from './migrations/index.js';

/** How long a statement waits for another process (the command line beside the server) to finish its transaction. */
const BUSY_MS_MAX = 10_000;

interface SqliteConnection {
  run(sql: string, done: (error: Error | null) => void): void;
}

/** Opens the database and brings it to the newest shape. `file` is made if it is not there. */
export async function openDatabase(file: string): Promise<Knex> {
  const db = knexLibrary({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    // SQLite has one writer; one connection makes the order of our own transactions plain.
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
    acquireConnectionTimeout: 30_000,
  });
  try {
    await db.migrate.latest({ migrationSource });
  } catch (cause) {
    await db.destroy();
    throw cause;
  }
  return db;
}

// synchronous=FULL: what is acknowledged to an agent is on the disk, power cut or not.
const PRAGMAS = [
  `pragma busy_timeout = ${BUSY_MS_MAX}`,
  'pragma journal_mode = wal',
  'pragma synchronous = full',
  'pragma foreign_keys = on',
];

function prepareConnection(
  connection: SqliteConnection,
  done: (error: Error | null, connection: SqliteConnection) => void,
): void {
  const next = (index: number): void => {
    const pragma = PRAGMAS[index];
    if (pragma === undefined) done(null, connection);
    else connection.run(pragma, (error) => (error ? done(error, connection) : next(index + 1)));
  };
  next(0);
}
