import { posix } from 'node:path';
import { assert } from '@castellan/shared/base/assert';
import { StateProblem, type StateStore } from '../../ports/state-store.js';
import { byCodeUnit } from '../descriptors/names.js';
import { type FarChanges, FarRefused } from './far-changes.js';

/**
 * The state folder of the node itself, at `path` there: an agent on the node, or whoever comes from beside, finds the
 * journals and the backups of all others.
 */
export function farStateStore(changes: FarChanges, path: string): StateStore {
  const run = <T>(operation: string, name: string, act: (folder: string, base: string) => T): T => {
    assert(
      !name.split('/').includes('..') && !name.startsWith('/'),
      'a state file is named from the state folder',
    );
    const file = posix.join(path, name);
    try {
      return act(posix.dirname(file), posix.basename(file));
    } catch (error) {
      if (!(error instanceof FarRefused)) throw error;
      throw new StateProblem(operation, file, error.message, { cause: error });
    }
  };
  return {
    path,
    read: (name) =>
      run('read', name, (folder, base) => {
        const { parts, end } = changes.ask('state-read', folder, base);
        return end[0]?.toString('latin1') === '1' ? Buffer.from(parts[0] ?? Buffer.alloc(0)) : null;
      }),
    replace: (name, content) =>
      run('write', name, (folder, base) => {
        changes.ask('state-replace', folder, base, ...changes.content(content));
      }),
    append: (name, content) =>
      run('append to', name, (folder, base) => {
        changes.ask('state-append', folder, base, ...changes.content(content));
      }),
    list: (folder) =>
      run('list', folder, () =>
        changes
          .ask('state-list', posix.join(path, folder))
          .parts.map((part) => part.toString('utf8'))
          .sort(byCodeUnit),
      ),
    remove: (name) =>
      run('remove', name, (folder, base) => {
        changes.ask('state-remove', folder, base);
      }),
  };
}
