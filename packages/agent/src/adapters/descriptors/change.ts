import {
  chmodSync,
  chownSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { FileIdentity, FileResult, FileWriter, TrustedUser } from '../../ports/files.js';
import { errorCode } from '../file-problems.js';
import { mayHandOn } from './acl.js';
import { FileWriteFailed } from './change-failed.js';
import { isSame, nameOf, pin, using } from './fd.js';
import { atPlace } from './place.js';
import { runOnDescriptors } from './tool.js';
import { strangerIn } from './trust.js';

type OwnerAndMode = { readonly uid: number; readonly gid: number; readonly mode: number };

interface Task {
  readonly operation: string;
  readonly path: string;
  readonly trusted: readonly TrustedUser[];
}

/** An open folder and a name in it. */
interface Entry {
  readonly folder: number;
  readonly name: string;
}

const OTHER = 'something else stands there than was inspected';

/** Changes by descriptor. `root`: the tree's folder on this host, without links. */
export function changesByDescriptor(root: string): FileWriter {
  const at = <T>(task: Task, change: (entry: Entry) => T): T => {
    const { path, trusted } = task;
    const done = atPlace(root, path, { follow: false, trusted }, ({ folder, name }): FileResult<T> => {
      if (folder === null) throw new FileWriteFailed(task.operation, path, 'it is the root');
      return { ok: true, value: told(task, () => change({ folder, name })) };
    });
    if (done.ok) return done.value;
    throw new FileWriteFailed(task.operation, path, done.detail);
  };
  return {
    createExclusive: (path, content, access, trusted) => {
      const task = { operation: 'create', path, trusted };
      const { like } = access;
      if (!like) return at(task, (entry) => createFile(task, entry, content, access));
      const model = { operation: 'create', path: like.path, trusted };
      return at(model, (old) =>
        using(pin(old.folder, old.name), (fd) => {
          requireThis(model, fstatSync(fd), like.identity);
          return at(task, (entry) => createFile(task, entry, content, { ...access, model: fd }));
        }),
      );
    },
    mkdir: (path, access, trusted) => {
      const task = { operation: 'mkdir', path, trusted };
      at(task, (entry) => createFolder(task, entry, access));
    },
    rename: (from, to, expected, trusted) =>
      at({ operation: 'rename', path: from, trusted }, (source) =>
        at({ operation: 'rename', path: to, trusted }, (target) => {
          const task = { operation: 'rename', path: to, trusted };
          moveInto(task, source, target, expected);
          // Whoever owns a folder above may have moved it meanwhile: then ours went with it.
          at(task, (again) => requireFolder(task, again, target));
        }),
      ),
    unlink: (path, expected, trusted) => {
      const task = { operation: 'unlink', path, trusted };
      at(task, (entry) => removeFile(task, entry, expected));
    },
    rmdir: (path, trusted) =>
      at({ operation: 'rmdir', path, trusted }, ({ folder, name }) => rmdirSync(nameOf(folder, name))),
    chmod: (path, mode, expected, trusted) => {
      const task = { operation: 'chmod', path, trusted };
      at(task, (entry) => pinned(task, entry, expected, (host) => chmodSync(host, mode)));
    },
    chown: (path, { uid, gid }, expected, trusted) => {
      const task = { operation: 'chown', path, trusted };
      at(task, (entry) => pinned(task, entry, expected, (host) => chownSync(host, uid, gid)));
    },
    syncDirectory: (path, trusted) =>
      at({ operation: 'sync', path, trusted }, ({ folder, name }) =>
        using(
          openSync(nameOf(folder, name), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW),
          (fd) => fsyncSync(fd),
        ),
      ),
  };
}

function told<T>({ operation, path }: Task, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof FileWriteFailed) throw error;
    throw new FileWriteFailed(operation, path, errorCode(error), { cause: error });
  }
}

function failed({ operation, path }: Task, why: string): FileWriteFailed {
  return new FileWriteFailed(operation, path, why);
}

/**
 * The one inode that was inspected, under a name that the system resolves to it and to nothing else. chown and chmod
 * of that name, never lchown: that would change the name in /proc, and nothing.
 */
function pinned(
  task: Task,
  { folder, name }: Entry,
  expected: FileIdentity,
  act: (host: string) => void,
): void {
  using(pin(folder, name), (fd) => {
    const now = fstatSync(fd);
    if (now.isSymbolicLink()) throw failed(task, 'ELOOP, it is a link');
    requireThis(task, now, expected);
    act(nameOf(fd));
  });
}

function requireThis(task: Task, now: Stats, expected: FileIdentity): void {
  if (!isSame(now, expected) || now.uid !== expected.uid) throw failed(task, OTHER);
  if (now.isFile() && now.nlink !== 1) throw failed(task, `it has ${now.nlink} names (hard links)`);
}

/** Owner before mode, because a change of owner takes setuid away; both on the descriptor, so no umask has a say. */
function setAccess(fd: number, access: OwnerAndMode): void {
  const now = fstatSync(fd);
  if (now.uid !== access.uid || now.gid !== access.gid) fchownSync(fd, access.uid, access.gid);
  fchmodSync(fd, access.mode);
}

/** 0600 and not the mode that is wanted: nobody else may open it before it has its owner. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

function createFile(
  task: Task,
  { folder, name }: Entry,
  content: Uint8Array,
  access: OwnerAndMode & { readonly model?: number },
): FileIdentity {
  const host = nameOf(folder, name);
  return using(openSync(host, NEW_FILE, 0o600), (fd) => {
    try {
      writeAll(fd, content);
      if (access.model !== undefined) copyAttributes(task, access.model, fd);
      // After the content: from then on its owner may open it.
      setAccess(fd, access);
      fsyncSync(fd);
      const { dev, ino, uid } = fstatSync(fd);
      return { dev, ino, uid };
    } catch (error) {
      const there = lstatSync(host, { throwIfNoEntry: false });
      if (there && isSame(there, fstatSync(fd))) unlinkSync(host);
      throw error;
    }
  });
}

/**
 * ACL, extended attributes and SELinux label, by coreutils' cp on inherited descriptors: Node has no call for them.
 * `all` is content with a system that knows no labels, `xattr` is not with attributes that could not be copied.
 */
function copyAttributes(task: Task, from: number, to: number): void {
  const options = ['--attributes-only', '--preserve=all,xattr', '-L'];
  const ran = runOnDescriptors('cp', [...options, '/proc/self/fd/3', '/proc/self/fd/4'], from, to);
  if (ran.status === 0) return futimesSync(to, new Date(), new Date());
  const why = ran.error ? errorCode(ran.error) : `${ran.stderr}`.trim().slice(0, 200);
  throw failed(
    task,
    `the ACL, the extended attributes and the label of the file before could not be kept: cp ${why}`,
  );
}

function writeAll(fd: number, content: Uint8Array): void {
  for (let offset = 0; offset < content.length; ) {
    offset += writeSync(fd, content, offset, content.length - offset);
  }
}

/** The lists that a new folder had of the default list of the one above it. */
function dropAcls(task: Task, fd: number): void {
  if (runOnDescriptors('setfacl', ['-b', '-k', '/proc/self/fd/3/.'], fd).status !== 0)
    throw failed(
      task,
      'the folder above gives what is made in it an ACL (default), and there is no setfacl here to take it away',
    );
}

function createFolder(task: Task, { folder, name }: Entry, access: OwnerAndMode): void {
  const host = nameOf(folder, name);
  mkdirSync(host, { mode: 0o700 });
  try {
    using(openSync(host, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW), (fd) => {
      setAccess(fd, access);
      // What is made inside would inherit it, and with it whom it lets in.
      if (mayHandOn(folder, fstatSync(folder))) dropAcls(task, fd);
    });
  } catch (error) {
    rmdirSync(host);
    throw error;
  }
}

/** The source stands where nobody else can put another; what the target's name leads to is its owner's to change. */
function moveInto(
  task: Task,
  source: Entry,
  target: Entry,
  { moved, replaced }: { readonly moved: FileIdentity; readonly replaced: FileIdentity | null },
): void {
  if (strangerIn(fstatSync(source.folder), []) !== null)
    throw failed(task, 'its new content does not stand in a folder of root alone');
  const from = nameOf(source.folder, source.name);
  const to = nameOf(target.folder, target.name);
  requireThis(task, lstatSync(from), moved);
  const there = lstatSync(to, { throwIfNoEntry: false });
  if (!there !== (replaced === null)) throw failed(task, OTHER);
  if (there && replaced) {
    if (!there.isFile()) throw failed(task, 'it is no regular file');
    requireThis(task, there, replaced);
  }
  renameSync(from, to);
  const after = lstatSync(to, { throwIfNoEntry: false });
  if (!after || !isSame(after, moved)) throw failed(task, 'it was taken away again at once');
}

function requireFolder(task: Task, now: Entry, before: Entry): void {
  if (!isSame(fstatSync(now.folder), fstatSync(before.folder)))
    throw failed(task, 'its folder was exchanged meanwhile');
}

/** unlink acts on a name: whose it was is told by the inode that was pinned, which then has one name less. */
function removeFile(task: Task, { folder, name }: Entry, expected: FileIdentity): void {
  using(pin(folder, name), (fd) => {
    requireThis(task, fstatSync(fd), expected);
    unlinkSync(nameOf(folder, name));
    if (fstatSync(fd).nlink !== 0)
      throw failed(task, 'it was exchanged meanwhile, and still stands somewhere');
  });
}
