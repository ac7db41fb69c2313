import { describe, expect, test } from 'vitest';
import {
  AUTHORITY_NOTICE_MS,
  endingSeverity,
  isWithinGrace,
  NOTICE_MS,
  nodeCertificateVerdict,
  nodeNoticeMs,
  serverCertificateVerdict,
  standingOf,
} from './certificates.js';

const DAY_MS = 86_400_000;
const END = Date.parse('2026-06-01T00:00:00Z');

test.each([
  [-22 * DAY_MS, null],
  [-NOTICE_MS - 1, null],
  [-NOTICE_MS, 'medium'],
  [-1, 'medium'],
  [0, 'critical'],
  [DAY_MS, 'critical'],
])('%d ms from its end a certificate is a finding of severity %s', (fromEnd, severity) => {
  expect(endingSeverity(END, END + fromEnd, NOTICE_MS)).toBe(severity);
  const verdict = nodeCertificateVerdict(END, END + fromEnd, 90 * DAY_MS);
  expect([verdict.status, verdict.severity]).toEqual(
    severity === null ? ['pass', 'medium'] : ['fail', severity],
  );
});

test.each([
  [90 * DAY_MS, 21 * DAY_MS],
  [365 * DAY_MS, 21 * DAY_MS],
  [30 * DAY_MS, 7 * DAY_MS],
  [60_000, 14_000],
])('of a life of %d ms the notice is %d ms', (life, notice) => {
  expect(nodeNoticeMs(life)).toBe(notice);
});

test.each([
  [-1, true],
  [0, true],
  [30 * DAY_MS - 1, true],
  [30 * DAY_MS, false],
])('%d ms after its end, within a grace of thirty days: %s', (afterEnd, isWithin) => {
  expect(isWithinGrace(END, END + afterEnd, 30 * DAY_MS)).toBe(isWithin);
});

test('without a grace nothing is renewed by what has ended', () => {
  expect(isWithinGrace(END, END, 0)).toBe(false);
});

describe('what a certificate is to the server', () => {
  const known = { current: { serial: 'a', notAfter: END }, candidateSerial: 'b' };
  test.each([
    ['a', END, 'current'],
    ['b', END - DAY_MS, 'candidate'],
    ['c', END + 1, 'newer'],
    ['c', END, 'older'],
    ['c', END - 1, 'older'],
  ] as const)('%s, which ends at %d: %s', (serial, notAfter, standing) => {
    expect(standingOf(known, { serial, notAfter })).toBe(standing);
  });
});

test('the authority has a longer notice, and each certificate a subject of its own', () => {
  const at = (subject: 'authority' | 'agent listener') =>
    serverCertificateVerdict({ subject, notAfter: END }, END - AUTHORITY_NOTICE_MS);
  expect([at('authority').status, at('agent listener').status]).toEqual(['fail', 'pass']);
  expect([at('authority').subject, at('agent listener').subject]).toEqual(['authority', 'agent listener']);
});
