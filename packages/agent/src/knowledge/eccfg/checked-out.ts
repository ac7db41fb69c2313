import { plainText } from '@castellan/shared/model/bounds';
import type { HeldConfiguration } from '@castellan/shared/model/configuration';
import type { Asked } from '../../facts/config-sync.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { WORKING_COPY } from './working-copy.js';

const SVN = '/opt/msys/3rdParty/bin/svn';
const ASK_MS = 20_000;
const PATH_LENGTH_MAX = 1024;

/** Where every node of a subcluster has what it takes from the repository (Manual, conf.ecconfigd). */
export const DEFAULT_FOLDER = `${WORKING_COPY}/default`;

/**
 * Subversion's own files that change with a pull: since 1.7 a database at the top of the copy, before a file in each
 * folder.
 */
const CHANGED_BY_PULL = [
  `${WORKING_COPY}/.svn/wc.db`,
  `${DEFAULT_FOLDER}/.svn/wc.db`,
  `${DEFAULT_FOLDER}/.svn/entries`,
];

/** Looks at what changes with a pull, so that what `checkedOut` said is asked anew soon after one. */
export function followPulls(files: FileReader): void {
  for (const path of CHANGED_BY_PULL) files.stat(path);
}

/** Which repository a folder was checked out of, and at which revision: read off the copy, nobody is connected to. */
export async function checkedOut(
  { exec, signal }: { readonly exec: Exec; readonly signal?: AbortSignal },
  folder: string,
): Promise<Asked<HeldConfiguration>> {
  const notKnown = (why: string): Asked<never> => ({ kind: 'not-known', why });
  const result = await exec.run({
    program: SVN,
    argv: ['info', '--non-interactive', folder],
    timeoutMs: ASK_MS,
    ...(signal ? { signal } : {}),
  });
  if (result.kind === 'unstarted') return notKnown(`svn was not run (${result.problem})`);
  if (result.kind !== 'exited' || result.code !== 0) return notKnown(`svn info of ${folder} did not answer`);
  const of = (name: string) => new RegExp(`^${name}: (.{1,4096})$`, 'm').exec(result.stdout)?.[1] ?? '';
  const [revision, repository] = [of('Revision'), of('Repository UUID')];
  if (!/^\d{1,12}$/.test(revision)) return notKnown('svn info did not name a revision');
  const [url, root] = [of('URL'), of('Repository Root')];
  if (!/^[A-Za-z0-9-]{1,64}$/.test(repository) || root === '' || !`${url}/`.startsWith(`${root}/`))
    return notKnown('svn info did not name the repository');
  const path = plainText(url.slice(root.length));
  if (path.length > PATH_LENGTH_MAX) return notKnown('the path in the repository is too long');
  return { kind: 'known', value: { repository, path, revision: Number(revision) } };
}
