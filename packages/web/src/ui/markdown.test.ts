import { expect, test } from 'vitest';
import { readProse, readSpans } from './markdown.js';

test('headings, paragraphs, lists and fenced code are told apart', () => {
  const pieces = readProse(
    '# Why\nfirst line\nsecond line\n\n- one\n  goes on\n- two\n\n```\nTLS = no\n\n# kept\n```\nend',
  );
  expect(pieces.map((p) => [p.kind, p.kind === 'list' ? p.items : p.text])).toEqual([
    ['heading', 'Why'],
    ['text', 'first line second line'],
    ['list', ['one goes on', 'two']],
    ['code', 'TLS = no\n\n# kept'],
    ['text', 'end'],
  ]);
});

test('code, strong words and links are spans; the rest is text', () => {
  expect(
    readSpans('set `TLS` to **required**, see [RFC 7568](https://www.rfc-editor.org/rfc/rfc7568).').map(
      (s) => [s.kind, s.text],
    ),
  ).toEqual([
    ['text', 'set '],
    ['code', 'TLS'],
    ['text', ' to '],
    ['strong', 'required'],
    ['text', ', see '],
    ['link', 'RFC 7568'],
    ['text', '.'],
  ]);
});

test.each(['[run](javascript:alert(1))', '<img src=x onerror=alert(1)>', '[file](file:///etc/passwd)'])(
  '%s stays plain text',
  (text) => {
    expect(readSpans(text)).toEqual([{ kind: 'text', id: 0, text }]);
  },
);
