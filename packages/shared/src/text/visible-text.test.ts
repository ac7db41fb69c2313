import { expect, test } from 'vitest';
import { visibleDeep, visibleJson, visibleText } from './visible-text.js';

test.each([
  ['\u202egpj.exe', '⟨U+202E⟩gpj.exe'],
  ['a\u200bb\u2060c\ufeff', 'a⟨U+200B⟩b⟨U+2060⟩c⟨U+FEFF⟩'],
  ['\u001b[2J\u001b]0;x\u0007', '⟨U+001B⟩[2J⟨U+001B⟩]0;x⟨U+0007⟩'],
  ['\u009b31m\r\u0008', '⟨U+009B⟩31m⟨U+000D⟩⟨U+0008⟩'],
  ['\u2066x\u2069\u061c', '⟨U+2066⟩x⟨U+2069⟩⟨U+061C⟩'],
  ['\u{e0041}\ud800', '⟨U+E0041⟩⟨U+D800⟩'],
  ['line one\n\tline two — “ü”, 日本, \u{1f600}', 'line one\n\tline two — “ü”, 日本, \u{1f600}'],
])('%j is shown as %j', (text, shown) => expect(visibleText(text)).toBe(shown));

test('reaches every text of a value, and leaves what is none', () => {
  expect(visibleDeep({ 'k\u202e': ['\u200b', { n: 1, f: false, z: null, u: undefined }] })).toEqual({
    'k⟨U+202E⟩': ['⟨U+200B⟩', { n: 1, f: false, z: null, u: undefined }],
  });
});

test('JSON stays the same data, in characters that a terminal only shows', () => {
  const value = { a: '\u202e\u009b\u{e0041}', b: 'ü\n' };
  const text = visibleJson(JSON.stringify(value));
  expect(text).toMatch(/^[\u0020-\u007eü]*$/);
  expect(JSON.parse(text)).toEqual(value);
});
