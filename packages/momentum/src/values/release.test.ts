import { describe, expect, test } from 'vitest';
import { notARelease, RELEASE_LINES } from './release.js';

describe('a release of Momentum', () => {
  test.each(['3.0', '3.6.23', '3.6.6', '4.1.0.2', '4.0', '4.8.12', '5.3', '5.9', '6.0', '12.0.1'])(
    '%s is one',
    (text) => {
      expect(notARelease(text)).toBeNull();
    },
  );

  test.each(RELEASE_LINES)('so is the line %s', (line) => {
    expect(notARelease(line)).toBeNull();
  });

  test.each<[string, string[]]>([
    ['3.7', ['3.6', '3.5', '3.4']],
    ['3.7.1', ['3.6', '3.5', '3.4']],
    ['4.9', ['4.8', '4.7', '4.6']],
    ['3', ['3.0', '3.1', '3.2']],
    ['4', ['4.0', '4.1', '4.2']],
    ['4.x', ['4.0', '4.1', '4.2']],
    ['v3.6', ['3.6', '3.5', '3.4']],
    ['3.6.', ['3.6', '3.5', '3.4']],
    ['3.6.1.2.3', ['3.6', '3.5', '3.4']],
    [' 3.6', ['3.6', '3.5', '3.4']],
    ['3.6 ', ['3.6', '3.5', '3.4']],
    ['3.6.1000', ['3.6', '3.5', '3.4']],
    ['2.2', []],
    ['1.0', []],
    ['latest', []],
    ['', []],
  ])('"%s" is none, and may have meant %j', (text, nearest) => {
    expect(notARelease(text)).toEqual(nearest);
  });
});
