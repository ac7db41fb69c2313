import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SEARCH_FIELDS, SEARCH_HELP } from './examples.js';
import { matchesQuery } from './match.js';
import { parseQuery } from './parse.js';

const PAGE = readFileSync(new URL('../../../../docs/search.md', import.meta.url), 'utf8');
const EXAMPLES = SEARCH_HELP.flatMap(({ examples }) => examples);

test('the page of the docs has the examples and the fields that the console shows', () => {
  const missing = EXAMPLES.filter(({ q, what }) => !PAGE.includes(`| \`${q}\` | ${what} |`));
  expect(missing).toEqual([]);
  for (const [list, fields] of Object.entries(SEARCH_FIELDS))
    expect(PAGE).toContain(`| ${list} | ${fields.map((field) => `\`${field}\``).join(', ')} |`);
});

const TEXT = 'The REST injection test of listener /var/db/msyspg/server.key by TLSv1.2 at 2001:db8::1';

test.each([
  ['REST Injection', true],
  ['"REST Injection"', true],
  ['"Injection REST"', false],
  ['rest AND port', false],
  ['listener NOT port', true],
  ['-port', false],
  ['*:* -port', true],
  ['TLSv1.2', true],
  ['2001\\:db8\\:\\:1', true],
  ['te?t', true],
  ['*.key', true],
  ['l*n*r', true],
  ['l*n*x', false],
  ['"rest listener"~3', true],
  ['"rest listener"~2', false],
  ['listemer~', true],
  ['listemer~0.9', false],
  ['[tls TO tlt]', true],
  ['{listener TO listener2}', false],
  ['name:mta*', true],
  ['name:rest', false],
  ['rest AND =', true],
  ['=', false],
  ['""', false],
])('in memory, %j finds it: %s', (q, is) => {
  expect(matchesQuery(parseQuery(q), { text: [TEXT], fields: { name: 'mta1.example' }, asked: q })).toBe(is);
});
