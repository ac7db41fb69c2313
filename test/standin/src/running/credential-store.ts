import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { CREDENTIALS_DB, CREDENTIALS_KEY, CREDMGR_DB, CREDMGR_KEY } from '../lay/places.js';
import { SERVICE_PASSWORD } from '../lay/texts/ecelerity-conf.js';
import type { Tree } from '../lay/tree.js';
import { Sqlite } from './sqlite.js';
import { hostPath } from './tree-paths.js';

export interface StorePaths {
  readonly database: string;
  readonly key: string;
}

/** The primary key of the store (Manual, executable.credmgr). */
export interface EntryName {
  readonly username: string;
  readonly hostname: string;
  readonly facility: string;
}

export interface Entry extends EntryName {
  readonly password: string;
}

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS credentials (username TEXT, hostname TEXT, facility TEXT, password TEXT, PRIMARY KEY (username, hostname, facility))';
const ALGORITHM = 'aes-256-cbc';

/** The encrypted credentials: SQLite 3, AES-256-CBC (Manual, modules.securecreds). ASSUMED: the table and its columns. */
export class CredentialStore {
  constructor(
    private readonly tree: Tree,
    private readonly paths: StorePaths,
  ) {}

  async createDatabase(): Promise<void> {
    await this.#withDatabase(true, (database) => database.run(SCHEMA));
  }

  /** A new key; what the old one had encrypted is encrypted anew (Manual, executable.credmgr, create_key). */
  async createKey(): Promise<void> {
    const entries =
      existsSync(this.#host(this.paths.database)) && existsSync(this.#host(this.paths.key))
        ? await this.list()
        : [];
    this.tree.file(this.#inside(this.paths.key), `${randomBytes(32).toString('hex')}\n`);
    this.#guard(this.paths.key);
    for (const entry of entries) await this.set(entry);
  }

  async set({ username, hostname, facility, password }: Entry): Promise<void> {
    const sql =
      'INSERT OR REPLACE INTO credentials (username, hostname, facility, password) VALUES (?, ?, ?, ?)';
    const sealed = this.#seal(password);
    await this.#withDatabase(true, (database) => database.run(sql, [username, hostname, facility, sealed]));
  }

  async remove({ username, hostname, facility }: EntryName): Promise<void> {
    const sql = 'DELETE FROM credentials WHERE username = ? AND hostname = ? AND facility = ?';
    await this.#withDatabase(true, (database) => database.run(sql, [username, hostname, facility]));
  }

  async list(): Promise<Entry[]> {
    const rows = await this.#withDatabase(false, (database) =>
      database.all('SELECT * FROM credentials ORDER BY hostname, username, facility'),
    );
    return rows.map((row) => ({
      username: String(row.username),
      hostname: String(row.hostname),
      facility: String(row.facility),
      password: this.#open(String(row.password)),
    }));
  }

  async #withDatabase<T>(isWrite: boolean, work: (database: Sqlite) => Promise<T>): Promise<T> {
    const host = this.#host(this.paths.database);
    if (!isWrite && !existsSync(host))
      throw new Error(`unable to open database file: ${this.paths.database}`);
    if (isWrite && existsSync(host)) chmodSync(host, 0o640);
    const database = await Sqlite.open(host);
    try {
      return await work(database);
    } finally {
      await database.close();
      if (isWrite) this.#guard(this.paths.database);
    }
  }

  /**
   * credmgr sets owner and mode itself: root may write, ecuser may read (Manual, executable.credmgr). Where root and
   * ecuser are one, nobody may write until credmgr comes again.
   */
  #guard(path: string): void {
    this.tree.give(this.#inside(path), {
      owner: 'root',
      group: 'ecuser',
      mode: this.tree.principals.isSingleUser ? 0o440 : 0o640,
    });
  }

  #host(path: string): string {
    return hostPath(this.tree.dir, path);
  }

  #inside(path: string): string {
    return this.#host(path).slice(this.tree.dir === '/' ? 0 : this.tree.dir.length);
  }

  #key(): Buffer {
    return Buffer.from(readFileSync(this.#host(this.paths.key), 'utf8').trim(), 'hex');
  }

  #seal(password: string): string {
    const iv = randomBytes(16);
    const cipher = createCipheriv(ALGORITHM, this.#key(), iv);
    return Buffer.concat([iv, cipher.update(password, 'utf8'), cipher.final()]).toString('base64');
  }

  #open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(ALGORITHM, this.#key(), bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
  }
}

/** The entries that modules.securecreds requires, and the one that executable.credmgr names for eccfg. */
const ENTRIES: readonly (readonly [hostname: string, facility: string])[] = [
  ['_ecconfigd_', 'ecconfigd'],
  ['127.0.0.1', 'pgsql'],
  ['127.0.0.1', 'ecdb'],
  ['localhost', 'pgsql'],
  ['localhost', 'ecdb'],
  ['ecconfigd', 'eccfg'],
];

/** A node whose installer was told to encrypt passwords. */
export async function layCredentials(tree: Tree): Promise<void> {
  const store = new CredentialStore(tree, { database: CREDENTIALS_DB, key: CREDENTIALS_KEY });
  await store.createDatabase();
  await store.createKey();
  for (const [hostname, facility] of ENTRIES)
    await store.set({ username: 'ecuser', hostname, facility, password: SERVICE_PASSWORD });
  tree.link(CREDMGR_DB, CREDENTIALS_DB);
  tree.link(CREDMGR_KEY, CREDENTIALS_KEY);
}
