import { closeSync, constants, openSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { nameOf, O_PATH } from './fd.js';

/**
 * The folder that this process stands in. A name alone then reaches an entry of an open folder, as openat(2) does, which
 * Node has not: half as much work for the system as a path below /proc. Only for a process that does nothing else
 * meanwhile: it stands elsewhere during one stretch of synchronous work, at whose end it must `leave`.
 */
export class Standing {
  readonly #home: number;
  #isAway = false;
  /** The open folder that it stands in; null: at home, or in one whose descriptor is closed. */
  #in: number | null = null;
  #askedLast: number | null = null;

  private constructor(home: number) {
    this.#home = home;
  }

  /** Null: a thread cannot, or where the process stands now cannot be come back to. Whoever has it closes it. */
  static begin(): Standing | null {
    if (!isMainThread) return null;
    let home: number | null = null;
    try {
      home = openSync('.', O_PATH | constants.O_DIRECTORY);
      process.chdir(nameOf(home));
      return new Standing(home);
    } catch {
      if (home !== null) closeSync(home);
      return null;
    }
  }

  /** How the system reaches an entry of an open folder now. For one question to a folder it is not gone into. */
  nameOf(folder: number, entry: string): string {
    if (this.#in === folder) return entry;
    if (this.#askedLast !== folder) {
      this.#askedLast = folder;
      return nameOf(folder, entry);
    }
    try {
      process.chdir(nameOf(folder));
      this.#in = folder;
      this.#isAway = true;
      return entry;
    } catch {
      // A folder that may be read and not entered: each entry says so.
      return nameOf(folder, entry);
    }
  }

  /** A descriptor is closed, and its number may be another folder's next. */
  forget(folder: number): void {
    if (this.#in === folder) this.#in = null;
    this.#askedLast = null;
  }

  leave(): void {
    if (!this.#isAway) return;
    process.chdir(nameOf(this.#home));
    this.#isAway = false;
    this.#in = null;
  }

  close(): void {
    try {
      this.leave();
    } finally {
      closeSync(this.#home);
    }
  }
}
