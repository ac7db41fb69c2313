import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import type { RunEvent } from '@castellan/shared/model/run';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import type { AgentMessage } from '@castellan/shared/protocol/messages';
import { expect, test } from 'vitest';
import { StateProblem } from '../ports/state-store.js';
import { CommandDispatcher, type CommandDispatcherDeps, type Executor } from './command-dispatcher.js';

const APPLY: CommandPayload = {
  kind: 'apply',
  iss: 'srv',
  aud: 'nod',
  jti: 'cmd-run_1',
  iat: 1,
  exp: 2,
  remediation: 'tls-protocols',
  params: {},
  runId: 'run_1',
  planDigest: `sha256:${'0'.repeat(64)}`,
};
const JWS = `e30.${Buffer.from(JSON.stringify(APPLY)).toString('base64url')}.x`;
const quiet = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

/** What the server hears of one command. */
async function answersTo(
  gate: Promise<Result<CommandPayload>>,
  changes: Partial<Omit<CommandDispatcherDeps, 'executor'>> & { readonly executor?: Partial<Executor> } = {},
  jws = JWS,
): Promise<{ answers: AgentMessage[]; events: RunEvent[] }> {
  const [answers, events]: [AgentMessage[], RunEvent[]] = [[], []];
  const { executor, ...rest } = changes;
  const desk = new CommandDispatcher({
    allow: ['tls-protocols', 'unheard-of'],
    isAuditOnly: () => false,
    keys: () => [],
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    serverClock: { fault: null },
    log: quiet,
    progress: (event) => void events.push(event),
    ...rest,
    executor: {
      recover: () => Promise.resolve(),
      hasBegun: () => false,
      plan: () => Promise.reject(new Error('nobody asked for a plan')),
      apply: () => Promise.resolve(),
      ...executor,
    },
  });
  await desk.take({ type: 'command', commandId: 'cmd-run_1', jws }, gate, (message) => {
    answers.push(message);
    return true;
  });
  return { answers, events };
}

const refused = (code: string) => [
  expect.objectContaining({ type: 'commandRefused', commandId: 'cmd-run_1', code }),
];
const gateSays = (code: CasError['code']) => Promise.resolve(err(casError(code)));
/** The runner's own refusals come as the first line of the run. */
const runnerSays = (code: string, state: RunEvent['state'] = 'refused') => ({
  apply: async (_request: unknown, progress: (event: RunEvent) => void) =>
    progress({ runId: 'run_1', index: 1, at: '2026-01-01T00:00:00Z', state, line: 'why', error: code }),
});

test.each([
  'CAS_COMMAND_SIGNATURE',
  'CAS_COMMAND_EXPIRED',
  'CAS_COMMAND_NOT_ALLOWED',
  'CAS_COMMAND_REPLAYED',
  'CAS_TOO_MANY',
] as const)('what the gate refuses with %s is told as a refused command', async (code) => {
  expect((await answersTo(gateSays(code))).answers).toEqual(refused(code));
});

test.each([
  ['an audit-only node', { isAuditOnly: () => true }, APPLY, 'CAS_AUDIT_ONLY'],
  ['the allow-list', { allow: [] }, APPLY, 'CAS_COMMAND_NOT_ALLOWED'],
  ['an unknown remediation', {}, { ...APPLY, remediation: 'unheard-of' }, 'CAS_REMEDIATION_UNKNOWN'],
  [
    'a clock that is wrong',
    { allow: ['certificate-renew'], serverClock: { fault: casError('CAS_CLOCK_SKEW') } },
    { ...APPLY, remediation: 'certificate-renew' },
    'CAS_CLOCK_SKEW',
  ],
  ['another run under way', { executor: runnerSays('CAS_RUN_BUSY') }, APPLY, 'CAS_RUN_BUSY'],
  ['a stale plan', { executor: runnerSays('CAS_PLAN_STALE', 'stale') }, APPLY, 'CAS_PLAN_STALE'],
  ['a full state disk', { executor: runnerSays('CAS_STATE_UNUSABLE') }, APPLY, 'CAS_STATE_UNUSABLE'],
  [
    'a runner that throws before it began',
    { executor: { apply: () => Promise.reject(new StateProblem('append', 'x', 'ENOSPC')) } },
    APPLY,
    'CAS_STATE_UNUSABLE',
  ],
])('%s is told as a refused command', async (_name, changes, payload, code) => {
  expect((await answersTo(Promise.resolve(ok(payload)), changes)).answers).toEqual(refused(code));
});

test('a command that cannot be remembered is told as refused, not only logged', async () => {
  const gate = Promise.reject(new StateProblem('replace', 'commands-seen.json', 'ENOSPC'));
  expect((await answersTo(gate)).answers).toEqual(refused('CAS_STATE_UNUSABLE'));
});

test('a refusal is told even when nothing more can be written down', async () => {
  const progress = () => {
    throw new StateProblem('append', 'the spool', 'ENOSPC');
  };
  const { answers } = await answersTo(Promise.resolve(ok(APPLY)), { isAuditOnly: () => true, progress });
  expect(answers[0]).toMatchObject({ type: 'commandRefused', code: 'CAS_AUDIT_ONLY' });
});

test('a plan that was remembered before a kill, and comes again, is answered as refused', async () => {
  const { runId: _run, planDigest: _digest, ...plan } = APPLY;
  const jws = `e30.${Buffer.from(JSON.stringify({ ...plan, kind: 'plan' })).toString('base64url')}.x`;
  expect((await answersTo(gateSays('CAS_COMMAND_REPLAYED'), {}, jws)).answers).toEqual(
    refused('CAS_COMMAND_REPLAYED'),
  );
});

test('a repeat of what was begun is told by its run alone', async () => {
  const { answers } = await answersTo(gateSays('CAS_COMMAND_REPLAYED'), {
    executor: { hasBegun: () => true },
  });
  expect(answers).toEqual([]);
});

test('what fails after it was begun is no refusal: its run says how it ends', async () => {
  const executor = { hasBegun: () => true, apply: () => Promise.reject(new Error('broken')) };
  expect((await answersTo(Promise.resolve(ok(APPLY)), { executor })).answers).toEqual([]);
});
