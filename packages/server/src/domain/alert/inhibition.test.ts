import type { Severity } from '@castellan/shared/model/severity';
import { expect, test } from 'vitest';
import { readCatalogue } from '../../services/catalogue.js';
import {
  INHIBITION_RULES,
  type Inhibited,
  inhibitorOf,
  sourcesOf,
  targetsOf,
  whyInhibited,
} from './inhibition.js';

const finding = (control: string, severity: Severity, subject = 'x'): Inhibited => ({
  id: `${control} ${subject}`,
  control,
  severity,
  subject,
});

test.each<[string, Inhibited, Inhibited[], boolean]>([
  [
    'a certificate that has ended makes the node silent',
    finding('CAS-NODE-001', 'high'),
    [finding('CAS-CRT-001', 'critical')],
    true,
  ],
  [
    'one that only nears its end does not',
    finding('CAS-NODE-001', 'high'),
    [finding('CAS-CRT-001', 'medium')],
    false,
  ],
  ['a silent node cannot renew', finding('CAS-CRT-001', 'medium'), [finding('CAS-NODE-001', 'high')], true],
  [
    'what is worse than its cause pages',
    finding('CAS-CRT-001', 'critical'),
    [finding('CAS-NODE-001', 'high')],
    false,
  ],
  [
    'a wrong clock keeps from renewing',
    finding('CAS-CRT-001', 'medium'),
    [finding('CAS-NODE-010', 'medium')],
    true,
  ],
  [
    'an old release leaves SSLv3 on',
    finding('MOM-TLS-001', 'high', 'inbound'),
    [finding('MOM-TLS-004', 'high', 'release')],
    true,
  ],
  ['nothing inhibits itself', finding('MOM-TLS-004', 'high'), [finding('MOM-TLS-004', 'high')], false],
  ['no cause, no inhibition', finding('MOM-TLS-001', 'high'), [], false],
  [
    'another control is no cause',
    finding('MOM-TLS-001', 'high'),
    [finding('MOM-CRT-001', 'critical')],
    false,
  ],
  [
    'a run that ended badly is never held',
    finding('CAS-RUN-001', 'critical'),
    [finding('CAS-NODE-001', 'high')],
    false,
  ],
])('%s', (_name, target, others, isInhibited) => {
  expect(inhibitorOf(target, others)?.id ?? null).toBe(isInhibited ? others[0]?.id : null);
});

test('every rule names controls that there are, and says why', () => {
  const known = new Set(readCatalogue().controls.map(({ id }) => id));
  for (const { source, targets, why } of INHIBITION_RULES) {
    expect([source, ...targets].filter((id) => !known.has(id))).toEqual([]);
    expect(why).toMatch(/^[A-Z].+\.$/);
    expect(targets).not.toContain(source);
    for (const target of targets) {
      expect(sourcesOf(target)).toContain(source);
      expect(targetsOf(source)).toContain(target);
      expect(whyInhibited(source, target)).toBe(why);
    }
  }
});

test('nothing is held in a circle, however bad each is', () => {
  const controls = [...new Set(INHIBITION_RULES.flatMap(({ source, targets }) => [source, ...targets]))];
  const bad = ['critical', 'high', 'medium', 'low'] as const;
  const all = controls.flatMap((control) => bad.map((severity) => finding(control, severity, severity)));
  const holders = (target: Inhibited) => all.filter((other) => inhibitorOf(target, [other]) !== null);
  const isInCircle = (target: Inhibited, seen: readonly Inhibited[]): boolean =>
    seen.includes(target) || holders(target).some((holder) => isInCircle(holder, [...seen, target]));
  expect(all.filter((target) => isInCircle(target, []))).toEqual([]);
});
