import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { assert } from '@castellan/shared/base/assert';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { errorCode } from './file-problems.js';

/** The state folder at `path`. Folders are made when first needed, 0700: keys live in one of them. */
export function nodeStateStore(path: string): StateStore {
  const at = (name: string): string => {
    assert(
      !name.split('/').includes('..') && !name.startsWith('/'),
      'a state file is named from the state folder',
    );
    return join(path, name);
  };
  const run = <T>(operation: string, name: string, act: (file: string) => T): T => {
    const file = at(name);
    try {
      return act(file);
    } catch (error) {
      throw new StateProblem(operation, file, errorCode(error), { cause: error });
    }
  };
  return {
    path,
    read: (name) => run('read', name, (file) => unlessMissing(() => readFileSync(file), null)),
    replace: (name, content) => run('write', name, (file) => replaceFile(file, content)),
    append: (name, content) => run('append to', name, (file) => appendTo(file, content)),
    list: (folder) => run('list', folder, (file) => unlessMissing(() => readdirSync(file).sort(), [])),
    remove: (name) => run('remove', name, (file) => rmSync(file, { force: true })),
  };
}

function unlessMissing<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return otherwise;
    throw error;
  }
}

function replaceFile(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.new`;
  rmSync(aside, { force: true });
  const fd = openSync(aside, 'wx', 0o600);
  try {
    try {
      writeWhole(fd, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // On a disk that is full half a file takes the room that others need, and it may hold a secret.
    rmSync(aside, { force: true });
    throw error;
  }
  renameSync(aside, file);
  syncFolder(dirname(file));
}

/** A write that stops halfway is taken back, so that what is there stays whole lines. */
function appendTo(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fd = openSync(file, 'a', 0o600);
  try {
    const before = fstatSync(fd).size;
    try {
      writeWhole(fd, Buffer.from(content));
      fsyncSync(fd);
    } catch (error) {
      ftruncateSync(fd, before);
      // An empty file would look like one that lost what it held.
      if (before === 0) rmSync(file, { force: true });
      throw error;
    }
    if (before === 0) syncFolder(dirname(file));
  } finally {
    closeSync(fd);
  }
}

function writeWhole(fd: number, content: Uint8Array): void {
  for (let offset = 0; offset < content.length; )
    offset += writeSync(fd, content, offset, content.length - offset);
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
