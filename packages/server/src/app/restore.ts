import { casError } from '@castellan/shared/errors/cas-error';
import { beginEpoch } from '../services/epoch.js';
import { checkBackup } from '../store/check-backup.js';
import { takeServeLock } from '../store/serve-lock.js';
import { noteStarts, readStarts, startsFile } from './epoch.js';
import { type Adapters, openCore, type ServerOptions } from './server.js';

export interface Restored {
  /** Enrolment tokens that were still good in the backup. */
  readonly tokens: number;
}

type OpenStaged = (
  adapters: Adapters,
  options: ServerOptions,
  who: { readonly actor: string; readonly from: string },
) => Promise<Restored>;

/** Runs `work` while no server serves the database, and gives it what makes a copy of a backup fit to be served. */
export async function restoreInto(
  databaseFile: string,
  work: (open: OpenStaged) => Promise<Restored>,
): Promise<Restored> {
  const lock = await takeServeLock(databaseFile);
  try {
    return await work(async (adapters, options, { actor, from }) => {
      await mustBeSound(options.databaseFile, from);
      const { ctx, store } = await openCore(adapters, options);
      try {
        const tokens = await beginEpoch(ctx, actor, `restored from ${from}`);
        await noteStarts(ctx, databaseFile, readStarts(startsFile(databaseFile)));
        return { tokens };
      } finally {
        await store.close();
      }
    });
  } finally {
    await lock.release();
  }
}

/** A whole database of Castellan: opening it as one would otherwise make one of it. */
async function mustBeSound(file: string, from: string): Promise<void> {
  const problem = (why: string, cause?: unknown) =>
    casError('CAS_INPUT_INVALID', `${from} is no backup of castellan-server: ${why}`, cause);
  const fault = await checkBackup(file).catch((cause: unknown) => {
    throw problem('it cannot be read as a database', cause);
  });
  if (fault !== null) throw problem(fault);
}
