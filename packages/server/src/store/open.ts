import { casError } from '@castellan/shared/errors/cas-error';
import knexLibrary, { type Knex } from 'knex';
import { MIGRATIONS, migrationSource } from './migrations/index.js';
import { makePrivate } from './private-file.js';

/**
 * How long a statement waits for another process (the command line beside the server) to finish its transaction.
 * Shorter than the time in which the server obeys SIGTERM, whoever holds the lock.
 */
export const BUSY_MS_MAX = 4_000;
/** Readers at once. The driver works on the four threads of libuv's pool: one is left to the writer and one to passwords. */
const READERS_MAX = 2;

interface SqliteConnection {
  run(sql: string, done: (error: Error | null) => void): void;
}

/** Two ways into one file: readers in WAL mode see the last commit and wait for nobody. */
export interface Database {
  /** SQLite has one writer; one connection makes the order of our own transactions plain. */
  readonly writer: Knex;
  /** Refuses to write: what changes something goes through the writer. */
  readonly readers: Knex;
  /** Asked by a probe: a connection of its own, so that it stands in no queue of ours. Not synced: its row is worthless. */
  readonly prober: Knex;
  close(): Promise<void>;
}

// synchronous=FULL: what is acknowledged to an agent is on the disk, power cut or not.
const COMMON = ['pragma journal_mode = wal', 'pragma synchronous = full', 'pragma foreign_keys = on'];

/** Opens the database and brings it to the newest shape. `file` is made if it is not there. */
export async function openDatabase(file: string): Promise<Database> {
  makePrivate(file);
  const writer = connect(file, 1, [`pragma busy_timeout = ${BUSY_MS_MAX}`, ...COMMON]);
  try {
    await migrate(writer);
  } catch (cause) {
    await writer.destroy();
    throw cause;
  }
  const readers = connect(file, READERS_MAX, [
    `pragma busy_timeout = ${BUSY_MS_MAX}`,
    'pragma query_only = on',
  ]);
  const prober = connect(file, 1, ['pragma busy_timeout = 500', 'pragma synchronous = normal']);
  return {
    writer,
    readers,
    prober,
    close: async () => {
      await Promise.all([readers.destroy(), prober.destroy()]);
      await writer.destroy();
    },
  };
}

/** Only when something is to be done: a start takes no lock then, and works on a full disk. */
async function migrate(db: Knex): Promise<void> {
  const [done, waiting] = (await db.migrate.list({ migrationSource })) as [{ name: string }[], unknown[]];
  const newer = done.find(({ name }) => !MIGRATIONS.some((known) => known.name === name));
  if (newer)
    throw casError(
      'CAS_STATE_UNUSABLE',
      `the database was used by a newer version: it has had ${newer.name}`,
    );
  if (waiting.length > 0) await db.migrate.latest({ migrationSource });
}

function connect(file: string, connectionsMax: number, pragmas: readonly string[]): Knex {
  return knexLibrary({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    // What fails is thrown, and logged in one place: the library's own lines would go to stdout.
    log: { warn: ignore, error: ignore, debug: ignore, deprecate: ignore },
    pool: { min: 1, max: connectionsMax, afterCreate: prepare(pragmas) },
    acquireConnectionTimeout: 30_000,
  });
}

function ignore(): void {
  return;
}

type Prepared = (error: Error | null, connection: SqliteConnection) => void;

function prepare(pragmas: readonly string[]): (connection: SqliteConnection, done: Prepared) => void {
  return (connection, done) => {
    const next = (index: number): void => {
      const pragma = pragmas[index];
      if (pragma === undefined) done(null, connection);
      else connection.run(pragma, (error) => (error ? done(error, connection) : next(index + 1)));
    };
    next(0);
  };
}
