import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Owner = 'root' | 'ecuser' | 'msyspg' | 'mail';

export interface Access {
  readonly owner?: Owner;
  /** The owner's, unless told. */
  readonly group?: Owner;
  readonly mode?: number;
}

type Entry =
  | { readonly kind: 'file'; readonly content: string; readonly access: Required<Access> }
  | { readonly kind: 'folder'; readonly access: Required<Access> }
  | { readonly kind: 'link'; readonly target: string };

/** A node's tree before it is on disk: a fault is planted in the draft, so that laying is one pass. */
export class NodeDraft {
  private readonly entries = new Map<string, Entry>();

  constructor(readonly uids: Readonly<Record<Owner, number>>) {}

  has(path: string): boolean {
    return this.entries.has(path);
  }

  file(path: string, content: string, access: Access = {}): void {
    this.entries.set(path, { kind: 'file', content, access: whole(access, 0o644) });
  }

  folder(path: string, access: Access = {}): void {
    this.entries.set(path, { kind: 'folder', access: whole(access, 0o755) });
  }

  link(path: string, target: string): void {
    this.entries.set(path, { kind: 'link', target });
  }

  /** With what is below it. */
  remove(path: string): void {
    if (!this.has(path)) throw new Error(`${path} is not in the draft`);
    for (const name of [...this.entries.keys()])
      if (name === path || name.startsWith(`${path}/`)) this.entries.delete(name);
  }

  give(path: string, access: Access): void {
    const entry = this.entries.get(path);
    if (!entry || entry.kind === 'link') throw new Error(`${path} is no file or folder of the draft`);
    const owner = access.owner ?? entry.access.owner;
    const group = access.group ?? access.owner ?? entry.access.group;
    this.entries.set(path, {
      ...entry,
      access: { owner, group, mode: access.mode ?? entry.access.mode },
    });
  }

  text(path: string): string {
    const entry = this.entries.get(path);
    if (entry?.kind !== 'file') throw new Error(`${path} is no file of the draft`);
    return entry.content;
  }

  edit(path: string, change: (text: string) => string): void {
    const before = this.text(path);
    const after = change(before);
    if (after === before) throw new Error(`${path} is not changed`);
    const entry = this.entries.get(path);
    if (entry?.kind === 'file') this.entries.set(path, { ...entry, content: after });
  }

  /** With the file's own line ends; the number of the first added line. */
  append(path: string, text: string): number {
    const before = this.text(path);
    const added = before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
    this.edit(path, (old) => old + added);
    return before.split('\n').length;
  }

  /** The number of the first line that matches. */
  lineOf(path: string, pattern: RegExp): number {
    const index = this.text(path)
      .split('\n')
      .findIndex((line) => pattern.test(line));
    if (index === -1) throw new Error(`${path} has no line like ${pattern}`);
    return index + 1;
  }

  /** Folders that nothing describes are root's 0755. As few calls as will do: there are many nodes. */
  lay(dir: string): void {
    const made = new Set<string>(['/']);
    const folder = (path: string): void => {
      if (made.has(path)) return;
      folder(dirname(path));
      made.add(path);
      mkdirSync(join(dir, path));
      const entry = this.entries.get(path);
      this.settle(join(dir, path), entry?.kind === 'folder' ? entry.access : whole({}, 0o755));
    };
    for (const [path, entry] of this.entries) {
      folder(entry.kind === 'folder' ? path : dirname(path));
      const at = join(dir, path);
      if (entry.kind === 'link') symlinkSync(entry.target, at);
      if (entry.kind !== 'file') continue;
      writeFileSync(at, entry.content, 'latin1');
      this.settle(at, entry.access);
    }
  }

  /** Everything is root's until it is given away. */
  private settle(at: string, { owner, group, mode }: Required<Access>): void {
    if (owner !== 'root' || group !== 'root') chownSync(at, this.uids[owner], this.uids[group]);
    chmodSync(at, mode);
  }
}

function whole({ owner = 'root', group = owner, mode }: Access, usual: number): Required<Access> {
  return { owner, group, mode: mode ?? usual };
}
