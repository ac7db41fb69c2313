import { Verdict } from '@castellan/shared/model/verdict';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { clock, control, files } from '../../testing/engine.js';
import type { Control } from '../units/control.js';
import { OTHERS, SUBJECT_LENGTH_MAX, SUBJECTS_MAX } from './by-subject.js';
import { judge, NO_POLICY } from './judge.js';
import { recordingFiles } from './recording-files.js';
import { transitions } from './transition.js';

describe('judging', () => {
  const collected = new Map([
    ['a', { state: 'collected', value: 1, tookMs: 0, touched: recordingFiles(files).touched() } as const],
  ]);
  const failed = (state: 'unavailable' | 'errored') =>
    new Map([['a', { state, reason: 'because', tookMs: 0, touched: recordingFiles(files).touched() }]]);
  const only = (
    over: Parameters<typeof control>[0],
    states: Parameters<typeof judge>[1] = collected,
    policy = NO_POLICY,
  ) => judge([control(over)], states, policy, clock())[0];

  test.each([
    ['evidence that could not be had', failed('unavailable'), 'indeterminate'],
    ['a collector that failed', failed('errored'), 'errored'],
    ['a fact that nobody collects', new Map(), 'indeterminate'],
  ])('%s is never a pass', (_name, states, status) => {
    expect(only({}, states)?.status).toBe(status);
  });

  test('a throw costs that verdict only', () => {
    const bad = control({
      evaluate: () => {
        throw new Error('bug');
      },
    });
    expect(
      judge([bad, control({ id: 'MOM-TST-002' })], collected, NO_POLICY, clock()).map((v) => v.status),
    ).toEqual(['errored', 'pass']);
  });

  test('an overrun is errored, whatever it said', () => {
    let now = 0;
    const slow = { now: () => (now += 5000), sleep: () => Promise.resolve() };
    expect(judge([control({})], collected, NO_POLICY, slow)[0]?.status).toBe('errored');
  });

  test('a machine that is busy with others makes no overrun: what counts is the CPU time of the agent', () => {
    let now = 0;
    let spentMs = 0;
    const busy = {
      now: () => (now += 60_000),
      steady: () => (now += 60_000),
      cpuMs: () => (spentMs += 3),
      sleep: () => Promise.resolve(),
    };
    expect(judge([control({})], collected, NO_POLICY, busy)[0]?.status).toBe('pass');
    const dear = { ...busy, now: () => 0, steady: () => 0, cpuMs: () => (spentMs += 5000) };
    expect(judge([control({})], collected, NO_POLICY, dear)[0]?.status).toBe('errored');
  });

  test('what is too long is cut, and the rest is counted, so that it always fits the wire', () => {
    const violation = {
      at: { file: `/${'f'.repeat(9000)}`, scope: 's'.repeat(9000) },
      found: 'x'.repeat(9000),
    };
    const verdict = only({
      evaluate: () => ({
        status: 'fail',
        summary: 's'.repeat(9000),
        violations: Array.from({ length: 130 }, () => violation),
      }),
    });
    expect(verdict?.violations).toHaveLength(100);
    expect(verdict?.moreViolations).toBe(30);
    expect(Compile(Verdict).Check(verdict)).toBe(true);
  });

  test('policy gives parameters and switches off', () => {
    const params = { days: { default: 30, text: 'days' } };
    let seen: unknown;
    const evaluate: Control['evaluate'] = ({ params: given }) => {
      seen = given;
      return { status: 'pass', summary: '' };
    };
    only({ params, evaluate }, collected, { params: { 'MOM-TST-001': { days: 7 } }, disabled: [] });
    expect(seen).toEqual({ days: 7 });
    expect(only({}, collected, { params: {}, disabled: ['MOM-TST-001'] })?.status).toBe('not-applicable');
  });

  describe('over a doubt of a fact', () => {
    const doubtful = (kind: 'incomplete' | 'not-in-force') =>
      new Map([
        [
          'a',
          {
            state: 'collected',
            value: { doubts: [{ kind, reason: '/etc/x:3 was not understood' }] },
            tookMs: 0,
            touched: recordingFiles(files).touched(),
          } as const,
        ],
      ]);
    const violations = [{ at: { file: '/a' }, found: '1' }];
    const ANSWERS = {
      pass: { status: 'pass', summary: 'fine' },
      'not-applicable': { status: 'not-applicable', reason: 'nothing there' },
      fail: { status: 'fail', summary: 'bad', violations },
      indeterminate: { status: 'indeterminate', reason: 'of its own' },
    } as const;

    test.each([
      ['incomplete', 'pass', 'indeterminate'],
      ['incomplete', 'not-applicable', 'indeterminate'],
      ['incomplete', 'fail', 'fail'],
      ['incomplete', 'indeterminate', 'indeterminate'],
      ['not-in-force', 'pass', 'indeterminate'],
      ['not-in-force', 'fail', 'indeterminate'],
    ] as const)('that is %s: %s becomes %s, as a whole and of a subject', (kind, answer, status) => {
      const whole = only({ evaluate: () => ANSWERS[answer] }, doubtful(kind));
      const [one] = judge(
        [control({ evaluate: () => [{ ...ANSWERS[answer], subject: 's' }] })],
        doubtful(kind),
        NO_POLICY,
        clock(),
      );
      expect([whole?.status, one?.status, one?.subject]).toEqual([status, status, 's']);
      if (answer !== status) expect(whole?.reason).toContain('/etc/x:3');
      // What was seen is not lost with the certainty.
      if (answer === 'fail') expect(whole?.violations).toEqual(violations);
    });

    test('a control that weighs doubts itself is left to it', () => {
      const weighs = { weighsDoubts: true, evaluate: () => ANSWERS.pass };
      expect(only(weighs, doubtful('not-in-force'))?.status).toBe('pass');
    });
  });

  describe('of several subjects', () => {
    const passes = (subject: string) => ({ status: 'pass', summary: 'fine', subject }) as const;
    const said = (answer: ReturnType<Control['evaluate']>) =>
      judge([control({ evaluate: () => answer })], collected, NO_POLICY, clock());

    test('gives a verdict each, in whatever order they are said', () => {
      const subjects = ['b', 'a', 'c'];
      expect(said(subjects.map(passes)).map((one) => one.subject)).toEqual(subjects);
    });

    test.each([
      ['none', []],
      ['one twice', [passes('a'), passes('a')]],
      ['an empty one', [passes('')]],
    ])('%s is our bug, and no pass', (_name, answer) => {
      expect(said(answer).map(({ status, subject }) => [status, subject])).toEqual([['errored', 'x']]);
    });

    test('that are long stay apart', () => {
      const long = 'x'.repeat(600);
      const subjects = said([passes(`${long}1`), passes(`${long}2`)]).map((one) => one.subject);
      expect(new Set(subjects).size).toBe(2);
      expect(subjects.map((one) => one.length)).toEqual([SUBJECT_LENGTH_MAX, SUBJECT_LENGTH_MAX]);
    });

    test('beyond the bound are judged together, the worst of them named and none lost', () => {
      const violation = { at: { file: '/a' }, found: '1' };
      const bad = (n: number) =>
        ({ status: 'fail', summary: `bad ${n}`, violations: [violation], subject: `bad ${n}` }) as const;
      const many = Array.from({ length: SUBJECTS_MAX + 10 }, (_, n) =>
        n % 2 === 0 ? passes(`ok ${n}`) : bad(n),
      );
      const verdicts = said(many);
      expect(verdicts).toHaveLength(SUBJECTS_MAX);
      expect(verdicts.filter((one) => one.status === 'fail')).toHaveLength(many.length / 2);
      expect(verdicts.at(-1)).toMatchObject({ subject: OTHERS, status: 'pass' });
      const all = said(Array.from({ length: SUBJECTS_MAX + 10 }, (_, n) => bad(n))).at(-1);
      expect(all).toMatchObject({ subject: OTHERS, status: 'fail' });
      expect(all?.violations).toHaveLength(11);
    });
  });

  test('unchanged says nothing; a changed place does', () => {
    const [before] = judge([control({})], collected, NO_POLICY, clock());
    const fails = {
      evaluate: () => ({ status: 'fail', summary: 'bad', violations: [{ at: { file: '/a' }, found: '1' }] }),
    };
    const [after] = judge([control(fails)], collected, NO_POLICY, clock());
    if (!before || !after) throw new Error('no verdict');
    expect(transitions([before], [before])).toEqual([]);
    expect(transitions([before], [after])).toEqual([{ previous: 'pass', verdict: after }]);
    expect(transitions([], [after])).toEqual([{ previous: null, verdict: after }]);
    const whole = { ...after, subject: 'whole' };
    expect(transitions([after], [whole])).toEqual([
      { previous: null, verdict: whole },
      { previous: 'fail', verdict: after, gone: true },
    ]);
  });
});
