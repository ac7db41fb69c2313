import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerContext } from '../services/context.js';
import { beginEpoch } from '../services/epoch.js';

const FACT = 'starts';

/**
 * Counts the starts in the database and in a file beside it. A database that has seen fewer than the file was put back by
 * hand, from a backup or a snapshot: an epoch begins. The database is written first, so that a kill between the two
 * begins none. What puts back the whole folder is not noticed here; use `castellan-server restore`.
 */
export async function watchEpoch(ctx: ServerContext, databaseFile: string): Promise<void> {
  const file = startsFile(databaseFile);
  const [known, said] = [Number(await ctx.store.read.secrets.fact(FACT)), readStarts(file)];
  if (said > known) {
    ctx.log.error(
      { event: 'epoch.begin', known, said },
      'the database is older than its last start: restored?',
    );
    await beginEpoch(ctx, 'system', 'the database is older than the last start of this server');
  }
  await noteStarts(ctx, databaseFile, Math.max(known, said) + 1).catch((cause: unknown) => {
    // A start that could not be counted, on a full disk or beside a foreign lock, is one that nothing was written in.
    ctx.log.warn({ event: 'epoch.notNoted', err: cause }, 'this start could not be counted');
  });
}

export async function noteStarts(ctx: ServerContext, databaseFile: string, starts: number): Promise<void> {
  await ctx.store.transaction((tx) => tx.secrets.setFact(FACT, String(starts)));
  writeFileSync(startsFile(databaseFile), `${starts}\n`, { mode: 0o600 });
}

export function startsFile(databaseFile: string): string {
  return `${databaseFile}.starts`;
}

export function readStarts(file: string): number {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^\d{1,15}$/.test(text) ? Number(text) : 0;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw cause;
  }
}
