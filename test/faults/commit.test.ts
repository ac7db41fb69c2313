import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@castellan/shared/model/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecRequest, ExecResult } from '../../packages/agent/src/ports/exec.js';
import { CONF, DoubleNode, REPOSITORY } from './double-node.js';
import { carryOut, faultyExecutor, Killed } from './faulty-executor.js';

const FIXED = '+ALL:-SSLv2:-SSLv3';

let node: DoubleNode;
beforeEach(async () => {
  node = await DoubleNode.lay(true);
});
afterEach(() => node.remove());

/** Plays one program's answer otherwise than the node would give it. */
function answers(isAsked: (request: ExecRequest) => boolean, act: (asIs: () => ExecResult) => ExecResult) {
  const asIs = node.run.bind(node);
  node.run = (request) => (isAsked(request) ? act(() => asIs(request)) : asIs(request));
}

const isEccfg =
  (command: string) =>
  ({ program, argv }: ExecRequest): boolean =>
    program.endsWith('/eccfg') && argv[0] === command;

const said = (stdout: string, code = 0): ExecResult => ({ kind: 'exited', code, stdout, stderr: '' });

async function applied(): Promise<RunEvent | undefined> {
  return (await carryOut(faultyExecutor(node), 'tls-protocols', {})).events.at(-1);
}

describe('a commit that does not arrive: everything is as before, and running so', () => {
  it.each<[string, () => void, string]>([
    [
      'the repository has something newer',
      () =>
        answers(isEccfg('commit'), () => said('svn: Commit failed (details follow):\nsvn: Out of date\n', 1)),
      'Out of date',
    ],
    [
      'eccfg finds nothing',
      () => answers(isEccfg('commit'), () => said('Nothing to commit\n')),
      'Nothing to commit',
    ],
    [
      'eccfg is ended by its deadline',
      () => answers(isEccfg('commit'), () => ({ kind: 'timeout', stdout: '', stderr: '' })),
      'did not end within',
    ],
    [
      'eccfg status does not tell of the edit',
      () => answers(isEccfg('status'), () => said('')),
      'does not tell of the edit',
    ],
  ])('%s', async (_name, play, why) => {
    const before = node.snapshot();
    play();
    const { events } = await carryOut(faultyExecutor(node), 'tls-protocols', {});
    expect(events.at(-1)).toMatchObject({ state: 'rolledBack' });
    expect(events.find(({ state }) => state === 'rollingBack')?.line).toContain(why);
    expect([node.snapshot(), node.isCoherent(), node.commits]).toEqual([before, true, []]);
  });
});

describe('a commit that arrives', () => {
  it.each<[string, () => void, RunEvent['revision'] | undefined]>([
    ['with the repository', () => undefined, { repository: REPOSITORY, number: 2 }],
    [
      'without it, where svn does not answer',
      () =>
        answers(
          ({ program }) => program.endsWith('/svn'),
          () => ({ kind: 'timeout', stdout: '', stderr: '' }),
        ),
      undefined,
    ],
  ])('tells its revision, %s', async (_name, play, revision) => {
    play();
    const { events } = await carryOut(faultyExecutor(node), 'tls-protocols', {});
    const line = events.find((event) => event.line.startsWith('committed as revision 2: '));
    expect([line?.revision, events.filter((event) => event.revision !== undefined).length]).toEqual([
      revision,
      revision === undefined ? 0 : 1,
    ]);
    expect(events.at(-1)).toMatchObject({ state: 'done' });
  });

  it('is done, also when its answer does not', async () => {
    answers(isEccfg('commit'), (asIs) => {
      asIs();
      return { kind: 'timeout', stdout: '', stderr: '' };
    });
    expect(await applied()).toMatchObject({ state: 'done' });
    expect([node.isCoherent(), node.commits.length]).toEqual([true, 1]);
  });

  it('does not take what somebody writes into the same file before it', async () => {
    answers(
      ({ argv }) => argv[1] === 'config' && argv[2] === 'eval',
      (asIs) => {
        if (node.text(CONF).includes(FIXED) && !node.text(CONF).includes('# mine'))
          appendFileSync(join(node.root, CONF), '# mine\n');
        return asIs();
      },
    );
    expect(await applied()).toMatchObject({ state: 'rollbackFailed', error: 'CAS_RUN_FOREIGN_CHANGE' });
    expect(node.commits).toEqual([]);
    expect(node.text(CONF)).toContain('# mine');
  });

  it('of a killed run is a matter for a person where eccfg does not tell whether it arrived', async () => {
    const { thrown } = await carryOut(
      faultyExecutor(node, () => {
        if (node.commits.length > 0) throw new Killed('while it committed');
      }),
      'tls-protocols',
      {},
    );
    expect(thrown).toBeInstanceOf(Killed);
    answers(isEccfg('status'), () => said('', 1));
    const events: RunEvent[] = [];
    await faultyExecutor(node).recover((event) => events.push(event));
    expect(events.at(-1)).toMatchObject({ state: 'rollbackFailed', line: expect.stringContaining(CONF) });
    expect([node.text(CONF).includes(FIXED), node.isCoherent()]).toEqual([true, true]);
  });
});
