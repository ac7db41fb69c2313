import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the name of the folder in which all temporary folders of one run are made. Short: sockets are made below it. */
export const RUN_FOLDER_PREFIX = 'castellan-run-';

/**
 * A temporary folder for this run: every worker, every test and every program that they start makes its own below it,
 * and what they leave goes with it, whether they ended well or not.
 */
export default function setup(): () => void {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), RUN_FOLDER_PREFIX));
  // Services run as users of their own, as they do on a node.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.once('exit', remove);
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    remove();
  };
}
