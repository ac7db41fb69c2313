import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { Sshd } from '../sshd.js';
import { laySolarisPerl } from './old-perl.js';
import type { FarSide } from './sides.js';
import { REAL, type Tools, wrapperOf } from './tool.js';

/** What is no tool of the node: its sshd, and what the programs of a stand-in node are written in. */
const OUR_OWN = ['sshd', 'node'];
/** Folders of programs, and where they are found once others stand there. */
const HOMES = [
  ['/usr/bin', REAL],
  ['/usr/sbin', '/mnt/sbin'],
] as const;
/** What tells of the node and not of files: whichever agent asks, the node has the same or none. */
const OF_THE_NODE = ['rpm', 'openssl', 'svcs'];

/** A far side that listens: a real sshd in a mount namespace whose programs are those of its table. */
export class LaidFarSide {
  readonly sshd = new Sshd();

  private constructor(
    readonly side: FarSide,
    private readonly node: string | undefined,
  ) {}

  /** `node`: a folder that its logins find as the root's own folders; absent: they see those of this host. */
  static async lay(side: FarSide, node?: string): Promise<LaidFarSide> {
    const laid = new LaidFarSide(side, node);
    const { folder } = laid.sshd;
    const bin = layPrograms(folder, side);
    await laid.sshd.start([side.login], '', [], {
      first: node === undefined ? [] : nodeMounts(node),
      last: bin === null ? [] : programMounts(bin),
      ...(node === undefined ? {} : { passwd: readFileSync(join(node, 'etc/passwd'), 'utf8') + SSHD_USER }),
    });
    return laid;
  }

  /** Calls that a tool of that age would have refused, a line each: the tool and what it was called with. */
  refused(): readonly string[] {
    return readFileSync(refusals(this.sshd.folder), 'utf8').split('\n').filter(Boolean);
  }

  /** In sh: the same node, with all the tools of this host. */
  ownMounts(): string[] {
    if (this.node === undefined) throw new Error('no node was laid with it');
    const { folder } = this.sshd;
    const own = layOwnPrograms(folder);
    return [
      ...nodeMounts(this.node),
      `mount --bind ${folder}/passwd /etc/passwd`,
      ...(own === null ? [] : programMounts(own)),
    ];
  }

  stop(): void {
    this.sshd.stop();
  }
}

/** The user whom sshd gives what it does not need rights for. */
const SSHD_USER = 'sshd:*:100:65534::/run/sshd:/usr/sbin/nologin\n';

function nodeMounts(node: string): string[] {
  return readdirSync(node, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'tmp')
    .map(({ name }) =>
      // What runs here needs this host's own as well.
      name === 'usr'
        ? `mount -t overlay -o lowerdir=${join(node, name)}:/usr none /usr`
        : `mount --bind ${join(node, name)} /${name}`,
    );
}

/** The programs of this host go to another place first, where the wrappers find them. */
function programMounts(bin: string): string[] {
  return [
    'mount -t tmpfs -o mode=0755 none /mnt',
    `mkdir ${REAL} /mnt/sbin`,
    `mount --bind /usr/bin ${REAL}`,
    'mount --bind /usr/sbin /mnt/sbin',
    `mount --bind ${bin} /usr/bin`,
    `${REAL}/mount --bind ${bin} /usr/sbin`,
  ];
}

function refusals(folder: string): string {
  return join(folder, 'refused');
}

/** A folder that becomes /usr/bin and /usr/sbin; null: those of this host are what they are. */
function layPrograms(folder: string, { tools, shells, perl }: FarSide): string | null {
  writeFileSync(refusals(folder), '');
  if (tools === 'host' && Object.keys(shells).length === 0) return null;
  const bin = newFolder(folder, 'bin');
  const links = new Map(tools === 'host' ? programsHere() : []);
  if (tools === 'busybox') for (const name of applets()) links.set(name, `${REAL}/busybox`);
  for (const [name, program] of Object.entries(shells)) links.set(name, `${REAL}/${program}`);
  for (const [name, at] of programsHere()) if (OUR_OWN.includes(name)) links.set(name, at);
  links.set('perl', `${REAL}/perl`);
  if (perl === 'solaris') {
    links.delete('perl');
    laySolarisPerl(join(bin, 'perl'), join(folder, 'perl'));
  }
  for (const [name, at] of links) symlinkSync(at, join(bin, name));
  if (typeof tools === 'object') layWrappers(bin, tools, refusals(folder));
  return bin;
}

/** A folder of all programs of this host, and those of the node as it has them; null: it has those of this host. */
function layOwnPrograms(folder: string): string | null {
  const bin = join(folder, 'bin');
  if (!existsSync(bin)) return null;
  const own = newFolder(folder, 'own-bin');
  for (const [name, at] of programsHere()) if (!OF_THE_NODE.includes(name)) symlinkSync(at, join(own, name));
  for (const name of readdirSync(bin))
    if (OF_THE_NODE.includes(name)) cpSync(join(bin, name), join(own, name), { verbatimSymlinks: true });
  return own;
}

function newFolder(folder: string, name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  chmodSync(made, 0o755);
  return made;
}

/** By name, where each is once others stand in its place. */
function programsHere(): Map<string, string> {
  return new Map(
    HOMES.toReversed().flatMap(([home, at]) => readdirSync(home).map((name) => [name, `${at}/${name}`])),
  );
}

function applets(): string[] {
  return execFileSync('busybox', ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

function layWrappers(bin: string, tools: Tools, log: string): void {
  for (const [name, tool] of Object.entries(tools)) {
    writeFileSync(join(bin, name), wrapperOf(name, tool, log));
    chmodSync(join(bin, name), 0o755);
  }
}

/** Those far sides, while the tests of a suite run; at its end each of their tools must have been called as one of its age is. */
export function laidSides(sides: readonly FarSide[]): readonly LaidFarSide[] {
  const laid: LaidFarSide[] = [];
  beforeAll(async () => {
    for (const side of sides) laid.push(await LaidFarSide.lay(side));
  });
  afterAll(() => {
    for (const one of laid) {
      expect(one.refused()).toEqual([]);
      one.stop();
    }
  });
  return laid;
}
