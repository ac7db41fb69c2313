import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bySubject, type Judged, type JudgedSubject } from '../../packages/agent/src/engine/by-subject.js';
import { evaluated } from '../../packages/agent/src/engine/judge.js';
import type { Facts } from '../../packages/agent/src/facts/facts.generated.js';
import { controls } from '../../packages/agent/src/registry/controls.generated.js';
import type { ControlCase } from '../../packages/agent/src/units/case.js';
import type { Control } from '../../packages/agent/src/units/control.js';
import { rankOf } from '../../packages/shared/src/model/verdict.js';
import { REPOSITORY } from '../arch/imports.js';

const HEADINGS = ['## How it is judged', '## False alarms', '## How it is fixed'];
const FOLDER = join(REPOSITORY, 'packages/agent/src/controls');
const NOW_MS = Date.UTC(2026, 10, 23, 9);

const casesOf = async (slug: string): Promise<readonly ControlCase[]> =>
  ((await import(join(FOLDER, slug, 'cases.ts'))) as { default: readonly ControlCase[] }).default;

function answer(control: Control, one: ControlCase): JudgedSubject[] {
  const params = {
    ...Object.fromEntries(Object.entries(control.params).map(([name, p]) => [name, p.default])),
    ...one.params,
  };
  const facts = one.facts() as Facts;
  const said = evaluated(control, { facts, params, nowMs: one.nowMs ?? NOW_MS } as Parameters<
    Control['evaluate']
  >[0]);
  return bySubject(control.subject, said);
}

/** The worst of what was said; a failing one with the violations of all that fail. */
function judge(control: Control, one: ControlCase): Judged {
  const [worst, ...others] = answer(control, one).toSorted((a, b) => rankOf(a) - rankOf(b));
  if (!worst) throw new Error('nothing was said');
  if (worst.status !== 'fail') return worst;
  const more = others.flatMap((other) => (other.status === 'fail' ? other.violations : []));
  return { ...worst, violations: [...worst.violations, ...more] };
}

test('no folder is left out of the registry, and each control has an identifier of its own', () => {
  const ids = controls.map((c) => c.id);
  expect(new Set(ids).size).toBe(ids.length);
  // MOM: the vendor's chapter, in the agent. CAS: the server's own, which no node may say.
  expect(ids.filter((id) => !/^MOM-[A-Z]+-\d{3}$/.test(id))).toEqual([]);
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((e) => e.isDirectory());
  expect(folders.map((f) => f.name).sort()).toEqual(controls.map((c) => c.slug).sort());
});

describe.each(controls as unknown as readonly Control[])('$id $slug', (control) => {
  test('has its page with the headings that a reader looks for', () => {
    const page = join(FOLDER, control.slug, 'doc.md');
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, 'utf8');
    expect(HEADINGS.filter((heading) => !text.includes(heading))).toEqual([]);
    expect(text.trim().length).toBeGreaterThan(300);
    expect(control.sources.length).toBeGreaterThan(0);
  });

  test('judges each of its cases as the case says, twice the same', async () => {
    const cases = await casesOf(control.slug);
    expect(new Set(cases.map((c) => c.name)).size).toBe(cases.length);
    expect(cases.map((c) => c.expect.status)).toEqual(expect.arrayContaining(['fail']));
    for (const one of cases) {
      const outcome = judge(control, one);
      expect(outcome.status, `${one.name}: ${JSON.stringify(outcome)}`).toBe(one.expect.status);
      expect(judge(control, one)).toEqual(outcome);
      if (one.expect.subjects) {
        const subjects = answer(control, one).map(({ subject, status }) => [subject, status]);
        expect(Object.fromEntries(subjects), one.name).toEqual(one.expect.subjects);
      }
      if (outcome.status !== 'fail') continue;
      expect(outcome.violations.length, one.name).toBeGreaterThan(0);
      for (const { at } of outcome.violations)
        expect(Object.keys(at).length, `${one.name} names no place`).toBeGreaterThan(0);
      if (one.expect.severity)
        expect(outcome.severity ?? control.severity, one.name).toBe(one.expect.severity);
      if (one.expect.violations !== undefined)
        expect(outcome.violations.length, one.name).toBe(one.expect.violations);
      if (one.expect.at) expect(outcome.violations[0]?.at, one.name).toMatchObject(one.expect.at);
    }
  });

  test('says each severity that it declares in a case, and no other', async () => {
    const declared = [control.severity, ...(control.otherSeverities ?? [])];
    const said = (await casesOf(control.slug)).flatMap((one) => answer(control, one));
    const seen = said.flatMap((one) => (one.status === 'fail' ? [one.severity ?? control.severity] : []));
    expect(seen.filter((severity) => !declared.includes(severity))).toEqual([]);
    expect((control.otherSeverities ?? []).filter((severity) => !seen.includes(severity))).toEqual([]);
  });

  test('never passes on facts that are not there', async () => {
    for (const one of await casesOf(control.slug)) {
      for (const name of control.reads) {
        const facts = { ...one.facts() } as Record<string, unknown>;
        if (!(name in facts)) continue;
        delete facts[name];
        let status = 'threw';
        try {
          status = judge(control, { ...one, facts: () => facts as Partial<Facts> }).status;
        } catch {
          status = 'threw';
        }
        // Another fact may already decide for fail or not-applicable; taking one away must never make it better.
        if (one.expect.status !== 'pass') expect(status, `${one.name} without ${name}`).not.toBe('pass');
      }
    }
  });
});
