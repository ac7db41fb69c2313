import { describe, expect, test } from 'vitest';
import { alertMessage, HOSTILE_MESSAGE, LARGEST, STORM } from '../../../testing/messages.js';
import { alertText, LINE_MAX, line, plainLines, shortened } from './text.js';

test('an alert names its findings with their places, and what mends them', () => {
  expect(plainLines(alertText(alertMessage('opened'), 1))).toEqual([
    '[high] SSLv3 is off: 2 nodes in production',
    '',
    '- mta1.example.com, ecelerity [high]: SSLv3 is offered by the listener on port 25.',
    '    /opt/msys/ecelerity/etc/conf/default/ecelerity.conf:42: TLS_Ciphers = "ALL:+SSLv3", wanted: TLS_Ciphers = "ALL:-SSLv3"',
    '    fix: tls-protocols',
    '- and 1 more',
    '',
    'https://castellan.example/alerts/alr_example',
  ]);
});

test('a storm names the alerts in it', () => {
  const { items, more } = alertText(STORM, 25);
  expect(items[3]?.title).toBe('[high] A control of the fleet, number 3 in production (MOM-TLS-003)');
  expect([items.length, more]).toEqual([25, 'and 12 more']);
});

test('who has it is named, and what is over is said to be', () => {
  expect(alertText(alertMessage('acknowledged'), 1).items[0]?.lines.at(-1)).toBe('alice has it: on it');
  expect(alertText(alertMessage('resolved'), 1).items[0]?.title).toContain('[high, resolved]');
});

describe('no text of a node', () => {
  test.each([
    ['makes a second line', HOSTILE_MESSAGE],
    ['is longer than a line', LARGEST],
  ])('%s', (_, message) => {
    for (const one of plainLines(alertText(message, 25))) {
      expect(one).not.toMatch(/[\n\r\u2028\u2029\u202e\u0000\u001b]/);
      expect(one.length).toBeLessThanOrEqual(LINE_MAX + 4);
    }
  });
});

test('what is cut ends between characters', () => {
  expect(shortened('ab\u{1f600}\u{1f600}', 4)).toBe('ab…');
  expect(shortened('abcd', 4)).toBe('abcd');
  expect(line(' a\r\n\tb ')).toBe('a⟨U+000D⟩ b');
});
