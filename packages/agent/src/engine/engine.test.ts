import { Verdict } from '@castellan/shared/model/verdict';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import type { FileReader, FileResult } from '../ports/files.js';
import type { Control } from '../units/control.js';
import { type Collector, FactUnavailable } from '../units/fact.js';
import { OTHERS, SUBJECT_LENGTH_MAX, SUBJECTS_MAX } from './by-subject.js';
import { type CollectDeps, collectAll } from './collect.js';
import { freezeFact } from './freeze.js';
import { judge, NO_POLICY } from './judge.js';
import { inOrderOfNeeds } from './order.js';
import { recordingFiles } from './recording-files.js';
import { staleFacts } from './stale.js';
import { transitions } from './transition.js';

const missing = (path: string): FileResult<never> => ({ ok: false, problem: 'missing', detail: path });

/** Files that know two links: /link -> /real, and /gone -> /nowhere. */
const files: FileReader = {
  read: (path) =>
    path === '/link/a' || path === '/real/a' ? { ok: true, value: Buffer.from('a') } : missing(path),
  capture: missing,
  stat: missing,
  lstat: missing,
  list: () => ({ ok: true, value: [] }),
  readlink: (path) => (path === '/gone' ? { ok: true, value: '/nowhere' } : missing(path)),
  realpath: (path) => {
    if (path === '/gone' || path === '/absent') return missing(path);
    return path.startsWith('/link')
      ? { ok: true, value: { path: path.replace('/link', '/real'), links: ['/link'] } }
      : { ok: true, value: { path, links: [] } };
  },
  acl: () => ({ ok: true, value: null }),
  acls: () => Promise.resolve({ ok: true, value: new Map() }),
  walk: () => Promise.resolve({ entriesSeen: 0, isTruncated: false }),
};

/** A clock whose sleeps never end by themselves, unless it is told how long they take. */
function clock(sleepEnds = false): CollectDeps['clock'] {
  let now = 1_000_000;
  return {
    now: () => (now += 1),
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        if (sleepEnds) resolve();
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  };
}

function collector(name: string, needs: string[], collect: Collector['collect']): Collector {
  return { name, needs, title: name, timeoutMs: 10, evidence: 'files', collect } as unknown as Collector;
}

function deps(collectors: Collector[], sleepEnds = false): CollectDeps {
  const unused = {} as never;
  return {
    collectors,
    files,
    exec: unused,
    net: unused,
    processes: unused,
    clock: clock(sleepEnds),
    settings: unused,
    signal: new AbortController().signal,
  };
}

function control(over: Partial<Record<keyof Control, unknown>>): Control {
  return {
    id: 'MOM-TST-001',
    slug: 'x',
    title: 'X',
    severity: 'high',
    subject: 'x',
    reads: ['a'],
    sources: [{ cite: 'manual', url: 'https://example.com' }],
    remediation: null,
    params: {},
    evaluate: () => ({ status: 'pass', summary: 'fine' }),
    ...over,
  } as unknown as Control;
}

const all = (collectors: readonly Collector[]) => new Set<string>(collectors.map((c) => c.name));

describe('the record of what was inspected', () => {
  test('holds the path, every link passed and where it led', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.read('/link/a');
    expect([...touched().paths].sort()).toEqual(['/link', '/link/a', '/real/a']);
  });

  test('holds what is absent, and the target of a link that leads nowhere', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.stat('/absent');
    recorded.stat('/gone');
    expect([...touched().paths].sort()).toEqual(['/absent', '/gone', '/nowhere']);
  });

  test('holds the real place of a path that is inspected without following its last name', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.lstat('/link/b');
    expect([...touched().paths].sort()).toEqual(['/link', '/link/b', '/real/b']);
  });

  test('tells listed and walked folders apart', async () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.list('/listed');
    await recorded.walk(
      '/link',
      { entry: () => undefined, problem: () => undefined },
      { entriesMax: 1, depthMax: 1, skipNames: [], signal: new AbortController().signal },
    );
    expect([...touched().listed]).toEqual(['/listed']);
    expect([...touched().walked].sort()).toEqual(['/link', '/real']);
  });
});

describe('collecting', () => {
  test('goes in the order of needs, whatever the order of the folders', () => {
    const ordered = inOrderOfNeeds([
      collector('c', ['b'], () => 1 as never),
      collector('a', [], () => 1 as never),
      collector('b', ['a'], () => 1 as never),
    ]);
    expect(ordered.map((one) => one.name)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a circle', [collector('a', ['b'], () => 1 as never), collector('b', ['a'], () => 1 as never)]],
    ['a need that nobody has', [collector('a', ['z'], () => 1 as never)]],
    ['two of one name', [collector('a', [], () => 1 as never), collector('a', [], () => 1 as never)]],
  ])('refuses %s', (_name, collectors) => {
    expect(() => inOrderOfNeeds(collectors)).toThrow();
  });

  test('a fact that could not be had makes what needs it unavailable, for the same reason', async () => {
    const collectors = [
      collector('a', [], () => {
        throw new FactUnavailable('no such thing here');
      }),
      collector('b', ['a'], () => 1 as never),
    ];
    const states = await collectAll(all(collectors), deps(collectors));
    expect(states.get('b')).toMatchObject({ state: 'unavailable', reason: 'no such thing here' });
  });

  test('a collector that throws costs its own facts only', async () => {
    const collectors = [
      collector('a', [], () => {
        throw new TypeError('bug');
      }),
      collector('b', ['a'], () => 1 as never),
      collector('c', [], () => 'fine' as never),
    ];
    const states = await collectAll(all(collectors), deps(collectors));
    expect(states.get('a')).toMatchObject({ state: 'errored', reason: expect.stringContaining('bug') });
    expect(states.get('b')?.state).toBe('errored');
    expect(states.get('c')).toMatchObject({ state: 'collected', value: 'fine' });
  });

  test('a collector that overruns is left behind, and told to stop', async () => {
    let stopped = false;
    const slow = collector('a', [], ({ signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      return new Promise<never>(() => undefined);
    });
    const states = await collectAll(new Set(['a']), deps([slow], true));
    expect(states.get('a')).toMatchObject({
      state: 'errored',
      reason: expect.stringContaining('longer than 10 ms'),
    });
    expect(stopped).toBe(true);
  });

  test('only what is asked for is collected anew', async () => {
    let count = 0;
    const collectors = [
      collector('a', [], () => ++count as never),
      collector('b', [], () => ++count as never),
    ];
    const first = await collectAll(all(collectors), deps(collectors));
    await collectAll(new Set(['b']), deps(collectors), first);
    expect(count).toBe(3);
  });

  test('facts are frozen all the way down, but instances keep their own state', () => {
    class Parsed {
      cache = 0;
    }
    const fact = freezeFact({ list: [{ name: 'x' }], parsed: new Parsed() });
    expect(() => ((fact.list[0] as { name: string }).name = 'y')).toThrow(TypeError);
    fact.parsed.cache = 1;
    expect(fact.parsed.cache).toBe(1);
  });
});

describe('what a change makes stale', () => {
  const touching = (paths: string[], listed: string[] = [], walked: string[] = []) =>
    ({
      state: 'collected',
      value: 1,
      tookMs: 0,
      touched: { paths: new Set(paths), listed: new Set(listed), walked: new Set(walked) },
    }) as const;
  const states = new Map([
    ['file', touching(['/etc/a'])],
    ['names', touching(['/etc'], ['/etc'])],
    ['tree', touching(['/opt/conf'], [], ['/opt/conf'])],
  ]);
  const collectors = [
    collector('file', [], () => 1 as never),
    collector('names', [], () => 1 as never),
    collector('tree', [], () => 1 as never),
    collector('above', ['tree'], () => 1 as never),
  ];

  test.each([
    ['the file itself', '/etc/a', ['file', 'names']],
    ['a new name in a listed folder', '/etc/new', ['names']],
    ['anything below a walked folder, and what needs it', '/opt/conf/x/y', ['above', 'tree']],
    ['a folder above that was swapped', '/opt', ['above', 'tree']],
    ['a path that only begins alike', '/etcetera', []],
    ['a name in a folder below a listed one', '/etc/d/x', []],
  ])('%s', (_name, path, expected) => {
    expect([...staleFacts([path], states, collectors)].sort()).toEqual(expected);
  });
});

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
