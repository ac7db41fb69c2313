import { casError } from '@castellan/shared/errors/cas-error';
import type { FarHello } from './far-hello.js';
import type { Item } from './sh-words.js';

const PROTOCOL = '1';

/** What a node's shell and tools can tell. */
export interface ShMeans {
  /** How trees are read: by find alone, or by find and stat, which others may exchange things between. */
  readonly walk: 'printf' | 'stat';
  readonly lists: 'getfacl' | 'ls' | 'none';
  readonly times: 'fine' | 'whole';
  /** Devices of what the kernel makes. */
  readonly kernels: ReadonlySet<string>;
}

/** Throws what a person has to do where it cannot look. */
export function readShHello(
  items: readonly Item[],
  programBytes: number,
  where: string,
): { readonly hello: FarHello; readonly means: ShMeans } {
  const heads = items.map(({ head }) => head);
  const [, protocol, length, uid = '', time = '', ...gids] = (heads[1] ?? '').split(' ');
  const means = /^t(printf|stat) (getfacl|ls|none) (fine|whole)$/.exec(
    heads.find((head) => head.startsWith('t')) ?? '',
  );
  const [system = '', release = '', machine = ''] = (items[1]?.bytes.toString('latin1') ?? '')
    .trim()
    .split(' ');
  const missing = heads.flatMap((head) => (head.startsWith('m') ? [head.slice(1, 40)] : []));
  // The shell drops the newline that the text ends with.
  const isOurs = protocol === PROTOCOL && length === String(programBytes - 1);
  if (!heads[1]?.startsWith('h ') || !isOurs || !means || !/^\d{1,10}$/.test(uid) || !/^\d{1,12}$/.test(time))
    throw casError('CAS_BESIDE_PROTOCOL', `${where}: what answered is not the sh program`);
  if (missing.length > 0)
    throw casError(
      'CAS_BESIDE_NO_PERL',
      `${where}: there is no Perl that may be used, and to look by sh these are missing: ${missing.join(', ')}`,
    );
  const [, walk, lists, times] = means;
  return {
    hello: {
      perl: '',
      perlPath: '',
      system: system.slice(0, 64),
      release: release.slice(0, 128),
      machine: machine.slice(0, 64),
      uid: Number(uid),
      euid: Number(uid),
      gids: [...new Set(gids.filter((gid) => /^\d{1,10}$/.test(gid)).map(Number))],
      timeMs: Number(time) * 1000,
      mode: 'carried',
      may: 'look',
      why: null,
    },
    means: {
      walk: walk === 'printf' ? walk : 'stat',
      lists: lists === 'getfacl' || lists === 'ls' ? lists : 'none',
      times: times === 'fine' ? times : 'whole',
      kernels: new Set(heads.flatMap((head) => /^k(\d{1,20})$/.exec(head)?.[1] ?? [])),
    },
  };
}

/** What cannot be seen of such a node, a line each. */
export function blindSpots({ walk, lists, times }: ShMeans): readonly string[] {
  return [
    ...(lists === 'getfacl'
      ? []
      : lists === 'ls'
        ? ['what access lists give: there is no getfacl, only that a file has one is seen']
        : ['access lists: there is no getfacl, and whoever may use a file by its group is unknown']),
    ...(times === 'fine' ? [] : ['times of files finer than a second']),
    ...(walk === 'printf' ? [] : ['things that are exchanged in a tree while it is walked']),
    'files of more than 8 MiB, and more than 24 MiB of files in one look',
  ];
}
