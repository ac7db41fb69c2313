import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { restoreInto } from '../app/restore.js';
import { caller } from './core.js';
import { setUp } from './setup.js';

/** SQLite's own companions of a database file. */
const COMPANIONS = ['', '-wal', '-shm'] as const;

/**
 * Puts a backup in the database's place, and begins an epoch. The backup is opened and changed as a copy first: what is
 * no backup, or was sealed with another master key, changes nothing. The database of before is kept beside it.
 */
export async function restore(file: string, options: { config?: string }): Promise<void> {
  const backup = resolve(file);
  if (!existsSync(backup)) throw casError('CAS_INPUT_INVALID', `${backup} is not there`);
  const { adapters, options: server } = setUp(options.config);
  const { databaseFile } = server;
  const staged = `${databaseFile}.restoring`;
  const aside = `${databaseFile}.before-${new Date(adapters.clock.now()).toISOString().replaceAll(':', '')}`;
  const { tokens } = await restoreInto(databaseFile, async (open) => {
    discard(staged);
    try {
      copyFileSync(backup, staged);
      chmodSync(staged, 0o600);
      const done = await open(
        adapters,
        { ...server, databaseFile: staged },
        { actor: caller(), from: backup },
      );
      for (const suffix of COMPANIONS)
        if (existsSync(databaseFile + suffix)) renameSync(databaseFile + suffix, aside + suffix);
      renameSync(staged, databaseFile);
      return done;
    } finally {
      discard(staged);
    }
  });
  process.stderr.write(
    `restored ${backup}; ${tokens} tokens that were still good, and every sign-in, have ended; what was there is kept as ${aside}\n`,
  );
}

function discard(file: string): void {
  for (const suffix of COMPANIONS) rmSync(file + suffix, { force: true });
}
