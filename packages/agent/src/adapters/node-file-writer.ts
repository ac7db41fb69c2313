import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { FileWriter } from '../ports/files.js';
import { errorCode } from './file-problems.js';
import { type TreePaths, treePaths } from './tree-paths.js';

type OwnerAndMode = { readonly uid: number; readonly gid: number; readonly mode: number };

/** A change that the system refused. `code` is the system's (`EEXIST`, `EACCES`); nothing was changed. */
export class FileWriteFailed extends Error {
  override readonly name = 'FileWriteFailed';
  constructor(
    readonly operation: string,
    readonly path: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${operation} ${path}: ${code}`, options);
  }
}

/**
 * Every method throws FileWriteFailed. Links before the last name are followed inside the tree; a link as the last
 * name is never followed. What is opened is compared with what was meant: Momentum's tree belongs to a service user,
 * who could otherwise put a link in the place of a folder between the look and the change.
 */
export function nodeFileWriter(root: string): FileWriter {
  const paths = treePaths(root);
  const run = (operation: string, path: string, change: (host: string) => void): void => {
    const found = paths.resolve(path, false);
    if (!found.ok) throw new FileWriteFailed(operation, path, found.detail);
    try {
      change(found.value.host);
    } catch (error) {
      if (error instanceof FileWriteFailed) throw error;
      throw new FileWriteFailed(operation, path, errorCode(error), { cause: error });
    }
  };
  return {
    createExclusive: (path, content, access) =>
      run('create', path, (host) => createFile(host, content, access)),
    mkdir: (path, access) => run('mkdir', path, (host) => createFolder(host, access)),
    rename: (from, to) => run('rename', to, (host) => renameSync(hostOf(paths, 'rename', from), host)),
    link: (from, to) => run('link', to, (host) => linkSync(hostOf(paths, 'link', from), host)),
    unlink: (path) => run('unlink', path, (host) => unlinkSync(host)),
    chmod: (path, mode) => run('chmod', path, (host) => changeMode(host, mode)),
    chown: (path, uid, gid) =>
      run('chown', path, (host) => withOpen(host, constants.O_RDONLY, (fd) => fchownSync(fd, uid, gid))),
    syncDirectory: (path) =>
      run('sync', path, (host) =>
        withOpen(host, constants.O_RDONLY | constants.O_DIRECTORY, (fd) => fsyncSync(fd)),
      ),
  };
}

function hostOf(paths: TreePaths, operation: string, path: string): string {
  const found = paths.resolve(path, false);
  if (!found.ok) throw new FileWriteFailed(operation, path, found.detail);
  return found.value.host;
}

function withOpen(host: string, flags: number, use: (fd: number) => void, mode?: number): void {
  const fd = openSync(host, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY, mode);
  try {
    requireSamePlace(fd, host);
    use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Linux, open(2): a descriptor of the place itself, for which the file need not be readable. Node has no name for it. */
const O_PATH = 0o10000000;

/** An owner may change the mode of a file that it may not read; only through its place, then, and where there is /proc. */
function changeMode(host: string, mode: number): void {
  try {
    withOpen(host, constants.O_RDONLY, (fd) => fchmodSync(fd, mode));
  } catch (error) {
    if (errorCode(error) !== 'EACCES' || process.platform !== 'linux') throw error;
    withOpen(host, O_PATH, (fd) => {
      // A link is opened as itself here, and chmod through /proc would follow it.
      if (fstatSync(fd).isSymbolicLink()) throw error;
      chmodSync(`/proc/self/fd/${fd}`, mode);
    });
  }
}

/** Where /proc is there to ask. Elsewhere (Solaris) there is no cheap way to know. */
function requireSamePlace(fd: number, host: string): void {
  let opened: string;
  try {
    opened = readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (opened !== host) throw new FileWriteFailed('open', host, `EXDEV, it leads to ${opened}`);
}

/** Owner before mode, because a change of owner takes setuid away; both on the descriptor, so no umask has a say. */
function setAccess(fd: number, access: OwnerAndMode): void {
  const now = fstatSync(fd);
  if (now.uid !== access.uid || now.gid !== access.gid) fchownSync(fd, access.uid, access.gid);
  fchmodSync(fd, access.mode);
}

function createFile(host: string, content: Uint8Array, access: OwnerAndMode): void {
  let isMade = false;
  try {
    // 0600 and not the mode that is wanted: nobody else may open it before it has its owner.
    withOpen(
      host,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
      (fd) => {
        isMade = true;
        setAccess(fd, access);
        writeAll(fd, content);
        fsyncSync(fd);
      },
      0o600,
    );
  } catch (error) {
    if (isMade) unlinkSync(host);
    throw error;
  }
}

function writeAll(fd: number, content: Uint8Array): void {
  for (let offset = 0; offset < content.length; ) {
    offset += writeSync(fd, content, offset, content.length - offset);
  }
}

function createFolder(host: string, access: OwnerAndMode): void {
  mkdirSync(host, { mode: 0o700 });
  try {
    withOpen(host, constants.O_RDONLY | constants.O_DIRECTORY, (fd) => setAccess(fd, access));
  } catch (error) {
    rmdirSync(host);
    throw error;
  }
}
