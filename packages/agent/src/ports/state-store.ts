/**
 * The agent's own state folder, on the host (never inside a tree given with --root). Names are relative to it:
 * `spool/00000001.jsonl`. Every call either happened on the disk when it returns, or throws StateProblem.
 */
export interface StateStore {
  /** Where it is, for a person. */
  readonly path: string;
  /** Null: there is no such file. */
  read(name: string): Buffer | null;
  /** Replaces whole or not at all: written aside, synced, renamed. Mode 0600. */
  replace(name: string, content: string | Uint8Array): void;
  /** Adds at the end and syncs. Makes the file (0600) if there is none. */
  append(name: string, content: string): void;
  /** Names in a folder, sorted; none when there is no such folder. */
  list(folder: string): readonly string[];
  /** No error when there is no such file. */
  remove(name: string): void;
}

/** The system refused. `code` is the system's: `ENOSPC`, `EACCES`, `EROFS`. */
export class StateProblem extends Error {
  override readonly name = 'StateProblem';
  constructor(
    readonly operation: string,
    readonly file: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${operation} ${file}: ${code}`, options);
  }
}
