import { describe, expect, test } from 'vitest';
import { parseBoolean } from './boolean.js';
import { compareVersions } from './version.js';

describe('booleans', () => {
  test.each(['on', 'true', 'enabled', '1', 'yes', 'TRUE', 'Enabled', ' on\t'])('%j is true', (text) => {
    expect(parseBoolean(text)).toBe(true);
  });
  test.each(['off', 'false', 'disabled', '0', 'no', 'FALSE', 'Disabled', ' off '])('%j is false', (text) => {
    expect(parseBoolean(text)).toBe(false);
  });
  test.each(['', '2', '-1', '00', 'y', 'tru', 'true false', 'ifavailable', 'none'])(
    '%j is neither',
    (text) => {
      expect(parseBoolean(text)).toBeNull();
    },
  );
});

describe('versions', () => {
  test.each([
    ['3.5', '3.6'],
    ['3.5.10', '3.6.4'],
    ['3.6.5', '3.6.6'],
    ['3.6.6', '3.6.10'],
    ['3.6.6', '4.0'],
    ['4.1', '4.1.0.2'],
    ['4.1.0.1', '4.1.0.2'],
    ['4.1.0.2', '4.2'],
    ['3.9', '3.10'],
    ['', '0.1'],
    ['x', '1'],
    ['4.x', '4.1'],
  ])('%s comes before %s', (earlier, later) => {
    expect(compareVersions(earlier, later)).toBe(-1);
    expect(compareVersions(later, earlier)).toBe(1);
  });

  test.each([
    ['3.6.6', '3.6.6'],
    ['4.1', '4.1.0'],
    ['4', '4.0.0.0'],
    ['3.06', '3.6'],
    ['', '0'],
    ['4.1.0.2-rc1', '4.1.0.2'],
  ])('%s is %s', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
    expect(compareVersions(b, a)).toBe(0);
  });
});
