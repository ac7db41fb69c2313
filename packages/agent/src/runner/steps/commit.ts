import { dirname } from 'node:path';
import type { CommittedRevision } from '@castellan/shared/model/configuration';
import { checkedOut } from '../../knowledge/eccfg/checked-out.js';
import { eccfgStatus, named } from '../../knowledge/eccfg/status.js';
import { ECCFG } from '../../knowledge/momentum/programs.js';
import type { ExecResult } from '../../ports/exec.js';
import type { Step } from '../../units/step.js';
import { liveSha256 } from './kept-file.js';
import { firstLines } from './program.js';
import { childNoted, type RunContext, StepFailed, type StepRunner } from './run-context.js';

type Commit = Extract<Step, { kind: 'commit' }>;

/** Manual, conf.adding.configuration.files: what eccfg says when it worked. */
const COMMITTED = /Committed revision (\d+)/;

export const commit: StepRunner<Commit> = {
  async apply(step, index, context) {
    await requireOnlyOurs(step, context);
    context.journal.append({ t: 'intent', step: index });
    const result = await runCommit(step, index, context);
    const revision = 'stdout' in result ? COMMITTED.exec(result.stdout)?.[1] : undefined;
    if (revision !== undefined)
      return context.tell(
        `committed as revision ${revision}: ${named(step.files)}`,
        await committedIn(step, Number(revision), context),
      );
    // A commit may have arrived although its answer did not.
    if ((await whereCommitIs(step, context)) === 'committed')
      return context.tell(`committed: ${named(step.files)}; eccfg did not say as which revision`);
    throw new StepFailed('CAS_RUN_STEP_FAILED', `${ECCFG} commit ${problemOf(step, result)}`);
  },
  inspect: () => 'before',
  undo() {
    // A commit that was made is never taken back, and one that failed left nothing behind.
  },
  async rerun() {
    // Nobody was told of a commit that was not made.
  },
};

/** The number with the repository that counts it; undefined where that cannot be told: the commit stands all the same. */
async function committedIn(
  { files: [file] }: Commit,
  number: number,
  { deps }: RunContext,
): Promise<CommittedRevision | undefined> {
  const copy = file === undefined ? null : await checkedOut(deps, dirname(file));
  return copy?.kind === 'known' ? { repository: copy.value.repository, number } : undefined;
}

/** What the files hold is what was verified, and eccfg, which commits everything, finds those and nothing else. */
async function requireOnlyOurs(step: Commit, context: RunContext): Promise<void> {
  const made = context.journal.records.flatMap((one) =>
    one.t === 'stage' && step.files.includes(one.path) ? [one] : [],
  );
  for (const one of made) {
    if (liveSha256(context, one.path) !== one.sha256)
      throw new StepFailed('CAS_RUN_FOREIGN_CHANGE', `${one.path} was changed before it was committed`);
  }
  const status = await eccfgStatus(context.deps);
  if (status.kind === 'not-known')
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      `not committed, because it is not known what else stands uncommitted: ${status.why}`,
    );
  const unseen = made.find(({ path }) => !status.edited.includes(path) && !status.conflicts.includes(path));
  if (unseen)
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      `not committed, because eccfg status does not tell of the edit of ${unseen.path}`,
    );
  const others = [...status.conflicts, ...status.edited].filter((path) => !step.files.includes(path));
  const conflicts = status.conflicts.filter((path) => step.files.includes(path));
  if (others.length > 0 || conflicts.length > 0)
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      `not committed, because somebody has edited the configuration meanwhile (eccfg status): ${named([...conflicts, ...others])}`,
    );
}

function runCommit(step: Commit, index: number, context: RunContext): Promise<ExecResult> {
  const { deps, journal, reveal } = context;
  const secret = step.password === null ? null : reveal(step.password.secret);
  return deps.exec.run({
    program: ECCFG,
    argv: ['commit', '--username', step.username, '-m', `${step.message}, run ${journal.runId}`],
    // Manual, executable.eccfg: a password that is not given is asked for. An argument would be seen by everybody.
    stdin: secret === null ? '' : `${secret}\n`,
    timeoutMs: step.timeoutMs,
    secrets: secret === null ? [] : [secret],
    started: childNoted(index, context),
  });
}

function problemOf({ timeoutMs }: Commit, result: ExecResult): string {
  if (result.kind === 'unstarted') return `could not be run (${result.problem}): ${result.detail}`;
  const said = firstLines(`${result.stdout}\n${result.stderr}`);
  const how = result.kind === 'timeout' ? `did not end within ${timeoutMs} ms` : 'committed nothing';
  return `${how}${said === '' ? '' : `: ${said}`}`;
}

/** After eccfg was asked to commit: whether it did, by what still stands uncommitted. */
export async function whereCommitIs(
  step: Commit,
  { deps }: Pick<RunContext, 'deps'>,
): Promise<'committed' | 'not-committed' | 'not-known'> {
  const status = await eccfgStatus(deps);
  if (status.kind === 'not-known') return 'not-known';
  const left = [...status.edited, ...status.conflicts].filter((path) => step.files.includes(path));
  return left.length === 0 ? 'committed' : 'not-committed';
}
