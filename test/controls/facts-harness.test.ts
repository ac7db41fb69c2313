import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bySubject } from '../../packages/agent/src/engine/by-subject.js';
import type { FactState } from '../../packages/agent/src/engine/collect.js';
import { evaluated, judge } from '../../packages/agent/src/engine/judge.js';
import { controls as allControls } from '../../packages/agent/src/registry/controls.generated.js';
import type { ControlCase } from '../../packages/agent/src/units/case.js';
import type { Control } from '../../packages/agent/src/units/control.js';
import { doubtsOf } from '../../packages/agent/src/units/doubts.js';
import type { Verdict } from '../../packages/shared/src/model/verdict.js';
import { REPOSITORY } from '../arch/imports.js';

/**
 * Every control, with every fact of every case damaged: taken away, emptied, cut to the half, reversed. What is asked:
 *
 * - Evidence that could not be had is never a pass, and never a fault either: `indeterminate`.
 * - Evidence of a form that no collector makes costs that control's verdict (`errored`) at most, never the scan.
 * - The order in which a collector happens to list things decides nothing.
 * - The same facts give the same answer.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type FactValues = Readonly<Record<string, unknown>>;

const NOW_MS = Date.UTC(2026, 10, 23, 9);
const controls = allControls as unknown as readonly Control[];
const rows = await Promise.all(
  controls.map(async (control) => ({ control, id: control.id, cases: await casesOf(control) })),
);

async function casesOf({ slug }: Control): Promise<readonly ControlCase[]> {
  const file = join(REPOSITORY, 'packages/agent/src/controls', slug, 'cases.ts');
  return ((await import(file)) as { default: readonly ControlCase[] }).default;
}

const TOUCHED: FactState['touched'] = { paths: new Set(), listed: new Set(), walked: new Set() };

function stateOf(value: unknown): FactState {
  return { state: 'collected', value, touched: TOUCHED, tookMs: 0 };
}

const UNAVAILABLE: FactState = { state: 'unavailable', reason: 'not to be had', touched: TOUCHED, tookMs: 0 };

/** As the agent judges: by the engine, from the states of facts. */
function verdictsOf(
  control: Control,
  one: ControlCase,
  facts: FactValues,
  gone?: string,
): readonly Verdict[] {
  const states = new Map(Object.entries(facts).map(([name, value]) => [name, stateOf(value)]));
  if (gone !== undefined) states.set(gone, UNAVAILABLE);
  const policy = { params: { [control.id]: one.params ?? {} }, disabled: [] };
  const nowMs = one.nowMs ?? NOW_MS;
  return judge([control], states, policy, { now: () => nowMs, sleep: () => Promise.resolve() });
}

/** As a set: order is another matter. */
function told(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ subject, status }) => `${status} ${subject}`).sort();
}

/** What only data is made of: a parsed configuration has methods and links to itself, and is no one's to damage. */
function isData(value: unknown): value is Json {
  if (value === null || typeof value !== 'object') return typeof value !== 'function';
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return true;
}

/** A copy with `change` applied at one level: 0 is the fact's own fields. `config` is a parsed tree and is kept. */
function atLevel(value: unknown, level: number, change: (value: Json) => Json): unknown {
  if (!isData(value) || value === null || typeof value !== 'object') return value;
  const inner = (key: string, one: unknown): unknown =>
    key === 'config' || !isData(one) ? one : level === 0 ? change(one) : atLevel(one, level - 1, change);
  if (Array.isArray(value)) return value.map((one: unknown) => inner('', one));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(key, one)]));
}

const LEVELS = [0, 1, 2, 3];

const emptied = (value: Json): Json => {
  if (Array.isArray(value)) return [];
  if (typeof value === 'string') return '';
  return typeof value === 'number' ? 0 : value;
};
const halved = (value: Json): Json => (Array.isArray(value) ? value.slice(0, value.length / 2) : value);

/** Lists whose order is a statement: the last of a repeated key counts, a leaf comes before its issuers. */
const ORDERED: ReadonlySet<string> = new Set(['settings', 'chain']);

/** Every list, at every depth, turned round; or its first element put last. */
function shuffled(value: unknown, turn: 'reversed' | 'rotated', key = ''): unknown {
  if (!isData(value) || value === null || typeof value !== 'object' || key === 'config') return value;
  if (Array.isArray(value)) {
    const list = value.map((one: unknown) => shuffled(one, turn));
    if (ORDERED.has(key)) return list;
    return turn === 'reversed' ? list.toReversed() : [...list.slice(1), ...list.slice(0, 1)];
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shuffled(one, turn, name)]));
}

/** The names of facts that the control reads and the case gives. */
function readsOf(control: Control, facts: FactValues): string[] {
  return control.reads.filter((name) => name in facts);
}

describe.each(rows)('$id', ({ control, cases }) => {
  test('says the same twice, through the engine as without it', () => {
    for (const one of cases) {
      const facts = one.facts();
      const first = verdictsOf(control, one, facts);
      expect(verdictsOf(control, one, facts), one.name).toEqual(first);
      const params = {
        ...Object.fromEntries(Object.entries(control.params).map(([name, p]) => [name, p.default])),
        ...one.params,
      };
      const context = { facts, params, nowMs: one.nowMs ?? NOW_MS } as Parameters<Control['evaluate']>[0];
      const plain = bySubject(control.subject, evaluated(control, context));
      expect(told(first), one.name).toEqual(
        plain.map(({ subject, status }) => `${status} ${subject}`).sort(),
      );
    }
  });

  test('is indeterminate, as a whole, where a fact that it reads could not be had', () => {
    for (const one of cases) {
      const facts = one.facts();
      for (const name of readsOf(control, facts)) {
        const verdicts = verdictsOf(control, one, facts, name);
        expect(told(verdicts), `${one.name} without ${name}`).toEqual([`indeterminate ${control.subject}`]);
        const { [name]: _, ...rest } = facts as Record<string, unknown>;
        // Not collected at all: the same.
        expect(told(verdictsOf(control, one, rest)), `${one.name}, no ${name}`).toEqual([
          `indeterminate ${control.subject}`,
        ]);
      }
    }
  });

  test('never throws, and passes over no doubt, where a fact is emptied or cut to the half', () => {
    for (const one of cases) {
      const facts = one.facts();
      for (const name of readsOf(control, facts)) {
        for (const level of LEVELS) {
          for (const change of [emptied, halved]) {
            const damaged = { ...facts, [name]: atLevel((facts as FactValues)[name], level, change) };
            // An empty list may rightly mean "nothing there", so any status will do; a throw would end the test here.
            const verdicts = verdictsOf(control, one, damaged);
            expect(verdicts.length, `${one.name}, ${name}`).toBeGreaterThan(0);
            // Doubts that are left are not passed over, whatever else is gone.
            if (doubtsOf(damaged).some(({ reason }) => reason !== '') && !control.weighsDoubts)
              expect(told(verdicts).join('\n'), `${one.name}, ${name} at level ${level}`).not.toMatch(
                /^pass /m,
              );
          }
        }
      }
    }
  });

  test('says the same whatever the order of lists', () => {
    for (const one of cases) {
      const facts = one.facts();
      const before = told(verdictsOf(control, one, facts));
      for (const name of readsOf(control, facts)) {
        for (const turn of ['reversed', 'rotated'] as const) {
          const turned = { ...facts, [name]: shuffled((facts as FactValues)[name], turn) };
          expect(told(verdictsOf(control, one, turned)), `${one.name}, ${name} ${turn}`).toEqual(before);
        }
      }
    }
  });
});
