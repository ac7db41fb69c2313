import { dirname } from 'node:path';
import { parseJson } from '@castellan/shared/base/parse-json';
import { accessOf, identityOf } from '../knowledge/permissions/path-access.js';
import type { Acme } from '../ports/acme.js';
import type { MakeContext } from '../units/issuing.js';
import type { FileReplacement } from '../units/step.js';
import { openStage, removeIfThere, stageFolderOf, trusted } from './steps/kept-file.js';
import { childNoted, type RunContext, StepFailed } from './steps/run-context.js';

/** Beside `new` and `old`: where a program may write that makes contents. Taken away with what is staged. */
export const SCRATCH = 'made';
const PUBLISHED = 'issuing/published.json';
/** Folders that are made below one that exists: .well-known/acme-challenge. */
const FOLDERS_MAX = 2;

const NO_ACME: Acme = {
  issue: () => Promise.resolve({ kind: 'refused', detail: 'this agent has no ACME', retryAfterMs: null }),
  renewalWindow: () => Promise.resolve(null),
};

/** What the contents of a step's files are made with. */
export function makeContext(
  context: RunContext,
  index: number,
  [first]: readonly FileReplacement[],
): MakeContext {
  const { files, exec, clock, state, acme, signer, signal } = context.deps;
  return {
    files,
    exec: { run: (request) => exec.run({ ...request, started: childNoted(index, context) }) },
    clock,
    state,
    acme: acme ?? NO_ACME,
    signal,
    sign: async (request) =>
      signer?.sign({ ...request, runId: context.journal.runId, signal }) ?? {
        kind: 'refused',
        detail: 'this agent has no link to it',
      },
    tell: (line) => context.tell(line),
    scratch() {
      const folder = stageFolderOf(context, first?.path ?? '/', `${index}.${SCRATCH}`);
      openStage(context, folder);
      return folder;
    },
    publish: (path, content) => publish(context, path, content),
  };
}

/** The path is in the state folder before the file is there: what a crash leaves is taken away by the next. */
function publish(context: RunContext, path: string, content: string): () => void {
  const { state, writer, files } = context.deps;
  for (const old of published(context)) removeIfThere(context, old);
  // What stands there is another's, and must not be written down as ours.
  if (files.lstat(path).ok) throw new StepFailed('CAS_RUN_STEP_FAILED', `${path} is there already`);
  state.replace(PUBLISHED, JSON.stringify([path]));
  openFolders(context, dirname(path), FOLDERS_MAX);
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  const access = { uid, gid, mode: 0o644 };
  const made = writer.createExclusive(path, Buffer.from(content), access, trusted(context, path));
  return () => {
    const there = files.lstat(path);
    if (there.ok && identityOf(there.value).ino === made.ino)
      writer.unlink(path, made, trusted(context, path));
    state.remove(PUBLISHED);
  };
}

function published({ deps }: RunContext): readonly string[] {
  const read = deps.state.read(PUBLISHED);
  const paths = read === null ? null : parseJson(read.toString('utf8'));
  return Array.isArray(paths) ? paths.filter((one): one is string => typeof one === 'string') : [];
}

/** Owner, group and mode of the folder above: who may pass there may pass here. */
function openFolders(context: RunContext, folder: string, left: number): void {
  const { files, writer } = context.deps;
  const there = files.stat(folder);
  if (there.ok) return;
  if (there.problem !== 'missing' || left === 0)
    throw new StepFailed('CAS_RUN_STEP_FAILED', `${folder}: ${there.detail}`);
  openFolders(context, dirname(folder), left - 1);
  const above = files.stat(dirname(folder));
  if (above.ok) writer.mkdir(folder, accessOf(above.value), trusted(context, folder));
}
