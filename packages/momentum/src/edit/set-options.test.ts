import { describe, expect, test } from 'vitest';
import { configOf, MAIN, scope } from '../../testing/configuration.js';
import type { Config } from '../files/config.js';
import { reload } from './outcome.js';
import { setOption } from './set-option.js';
import { setOptions, type WantedOption } from './set-options.js';

const MANY = 400;
const text = Array.from(
  { length: MANY },
  (_, n) => `binding b${n} {\n  TLS_Ciphers = ${n % 2 === 0 ? '"old list"' : 'old'} # kept\n}\n`,
).join('');
const wanted = (value: string): WantedOption[] =>
  Array.from({ length: MANY }, (_, n) => ({ path: scope(`binding b${n}`), option: 'tls_ciphers', value }));

/** The configuration, and how often its texts are read again. */
function counted(of: string): { config: Config; readings(): number } {
  const config = configOf(of);
  let readings = 0;
  const withTexts = (texts: ReadonlyMap<string, string>) => {
    readings += 1;
    return config.withTexts(texts);
  };
  return { config: { ...config, withTexts }, readings: () => readings };
}

describe('many options at once', () => {
  test('are read once, and are what one after the other makes', () => {
    const { config, readings } = counted(text);
    const made = setOptions(config, wanted('HIGH:!aNULL'));
    expect(readings()).toBe(1);
    if (!made.ok) throw new Error(made.why);
    expect(made.count).toBe(MANY);
    let one = configOf(text);
    for (const { path, option, value } of wanted('HIGH:!aNULL').slice(0, 8)) {
      const edit = setOption(one, path, option, value);
      if (!edit.ok) throw new Error(edit.why);
      one = reload(one, ...edit.files);
    }
    const [file] = one.files;
    const eight = setOptions(configOf(text), wanted('HIGH:!aNULL').slice(0, 8));
    expect(eight.ok && eight.files[0]?.after).toBe(file?.text);
  });

  test('what is so already is no edit', () => {
    const made = setOptions(configOf('TLS = no\n'), [{ path: [], option: 'TLS', value: 'no' }]);
    expect(made).toEqual({ ok: true, count: 1, files: [] });
  });

  test.each<[string, string, readonly WantedOption[], number]>([
    [
      'one that has no value yet is left to be inserted',
      'TLS = no\nbinding b { }\n',
      [
        { path: [], option: 'TLS', value: 'required' },
        { path: scope('binding b'), option: 'TLS', value: 'no' },
      ],
      1,
    ],
    [
      'one that is asked for twice is made twice',
      'TLS = no\n',
      [
        { path: [], option: 'TLS', value: 'required' },
        { path: [], option: 'tls', value: 'ifavailable' },
      ],
      1,
    ],
    ['none that can be', 'binding b { }\n', [{ path: [], option: 'TLS', value: 'no' }], 0],
  ])('%s', (_name, given, asked, count) => {
    expect(setOptions(configOf(given), asked)).toMatchObject({ ok: true, count });
  });

  test('is refused where the edited text says something else', () => {
    const given = 'binding_group g { binding b { TLS = no } }\nbinding b { TLS = no }\n';
    const asked = [{ path: scope('binding b'), option: 'TLS', value: 'required' }];
    const made = setOptions(configOf(given), asked);
    const one = setOption(configOf(given), scope('binding b'), 'TLS', 'required');
    expect(made.ok).toBe(one.ok);
    expect(made).toMatchObject({ ok: false, why: expect.stringContaining('would have no certain effect') });
  });
});

test('a text that stays is not parsed again, and the same reload is the same configuration', () => {
  const config = configOf({
    [MAIN]: 'include "/x"\nTLS = no\n',
    '/x': 'binding b { TLS = no }\n',
  });
  const change = { path: MAIN, after: 'include "/x"\nTLS = required\n' };
  const after = reload(config, change);
  expect(after.files[1]?.tree).toBe(config.files[1]?.tree);
  expect(after.files[0]?.tree).not.toBe(config.files[0]?.tree);
  expect(reload(config, change)).toBe(after);
});
