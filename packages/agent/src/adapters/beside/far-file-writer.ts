import type { FileIdentity, FileWriter, TrustedUser } from '../../ports/files.js';
import { FileWriteFailed } from '../descriptors/change-failed.js';
import { type FarChanges, FarRefused } from './far-changes.js';
import { notWhatWasAsked } from './look-store.js';

/** Changes of the node's files. Every method throws FileWriteFailed, and a CasError where nobody answered: then it may have happened. */
export function farFileWriter(changes: FarChanges): FileWriter {
  const run = <T>(operation: string, path: string, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof FarRefused)) throw error;
      throw new FileWriteFailed(operation, path, error.message, { cause: error });
    }
  };
  const ask = (operation: string, path: string, ...fields: readonly string[]): void =>
    run(operation, path, () => {
      changes.ask(operation, path, ...fields);
    });
  return {
    createExclusive: (path, content, { uid, gid, mode, like }, trusted) =>
      run('create', path, () => {
        const model = like ? [like.path, textOf(like.identity)] : ['', ''];
        const sent = changes.content(content);
        const access = [uid, gid, mode].map(String);
        return identityIn(changes.texts('create', 3, path, ...access, usersOf(trusted), ...model, ...sent));
      }),
    rename: (from, to, { moved, replaced }, trusted) =>
      run('rename', to, () => {
        const expected = [textOf(moved), replaced === null ? '' : textOf(replaced)];
        changes.ask('rename', from, to, ...expected, usersOf(trusted));
      }),
    unlink: (path, expected, trusted) => ask('unlink', path, textOf(expected), usersOf(trusted)),
    mkdir: (path, { uid, gid, mode }, trusted) =>
      ask('mkdir', path, String(uid), String(gid), String(mode), usersOf(trusted)),
    rmdir: (path, trusted) => ask('rmdir', path, usersOf(trusted)),
    chmod: (path, mode, expected, trusted) =>
      ask('chmod', path, String(mode), textOf(expected), usersOf(trusted)),
    chown: (path, { uid, gid }, expected, trusted) =>
      ask('chown', path, String(uid), String(gid), textOf(expected), usersOf(trusted)),
    syncDirectory: (path, trusted) => ask('sync', path, usersOf(trusted)),
  };
}

function textOf({ dev, ino, uid }: FileIdentity): string {
  return `${dev} ${ino} ${uid}`;
}

function usersOf(trusted: readonly TrustedUser[]): string {
  return trusted.map(({ uid, gid }) => `${uid}:${gid}`).join(' ');
}

function identityIn(texts: readonly string[]): FileIdentity {
  const [dev, ino, uid] = texts;
  if (![dev, ino, uid].every((text) => /^\d{1,20}$/.test(text ?? ''))) throw notWhatWasAsked();
  return { dev: Number(dev), ino: Number(ino), uid: Number(uid) };
}
