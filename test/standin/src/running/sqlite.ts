import sqlite3 from 'sqlite3';

export type Row = Readonly<Record<string, string | number | null>>;

/** Just enough of the sqlite3 package as promises. */
export class Sqlite {
  private constructor(private readonly database: sqlite3.Database) {}

  static open(file: string): Promise<Sqlite> {
    return new Promise((resolve, reject) => {
      const database = new sqlite3.Database(file, (error) =>
        error ? reject(error) : resolve(new Sqlite(database)),
      );
    });
  }

  run(sql: string, params: readonly (string | number)[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.run(sql, [...params], (error) => (error ? reject(error) : resolve()));
    });
  }

  all(sql: string, params: readonly (string | number)[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.database.all<Row>(sql, [...params], (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.database.close((error) => (error ? reject(error) : resolve())),
    );
  }
}
