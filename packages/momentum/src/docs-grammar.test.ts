import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAIN } from '../testing/configuration.js';
import { derivation, productionsOf } from '../testing/ebnf.js';
import { ANSWERS, ask, configOfExample, written } from '../testing/example.js';
import { examplesWith, readPage, spansOf, tableWith } from '../testing/page.js';
import { check } from './cli/check.js';
import { SEARCH_PATH } from './files/load.js';
import { lex } from './lex/lex.js';
import { INCLUDE_KEYWORDS, parse } from './syntax/parse.js';
import type { Dialect } from './syntax/report.js';

const page = readPage('grammar.md');
const sources = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(new URL(path, import.meta.url), 'utf8') }));
const codes = tableWith(page, 'code', 'documented', 'permissive', 'example', 'what is meant');
const ebnf = page.find((piece) => piece.kind === 'code' && piece.language === 'ebnf');
const grammar = ebnf?.kind === 'code' ? ebnf.text : '';
const [statements = ''] = grammar.split('(* tokens *)');

/** What an example's cell says: the text, its line ends as ↵, and how often it is repeated. */
function textOf(cell: string): string {
  const [, times = 1, onOneLine] = /` (\d+) times( on one line)?$/.exec(cell) ?? [];
  const line = (spansOf(cell)[0] ?? '').replaceAll('↵', '\n');
  return Array.from({ length: Number(times) }, () => line).join(onOneLine ? ' ' : '\n');
}

/** Severities of a code as `ecconf check --follow` reports a main file, beside which there is an empty x.conf. */
async function severities(text: string, dialect: Dialect, wanted: string): Promise<string[]> {
  let out = '';
  const files: Record<string, string> = { [MAIN]: text, '/etc/x.conf': '' };
  const io = {
    read: (path: string) => {
      const content = files[path];
      return content === undefined
        ? { ok: false as const, problem: 'missing', detail: path }
        : { ok: true as const, bytes: new TextEncoder().encode(content) };
    },
    list: () => null,
    replace: () => expect.unreachable(),
    out: (data: string | Uint8Array) => {
      out += data;
    },
    err: () => expect.unreachable(),
  };
  await check(io, [MAIN], { format: 'json', dialect, follow: true }, '0');
  const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string; severity: string }[] };
  return diagnostics.filter(({ code }) => code === wanted).map(({ severity }) => severity);
}

describe('the table of what is reported', () => {
  test('has every code of the source, and no other', () => {
    const calls = /(?:\b(?:error|warning|deviation)|#complain)\(\s*'([a-z-]+)'|\bcode: '([a-z-]+)'/g;
    const used = sources.flatMap(({ text }) => [...text.matchAll(calls)].map(([, a, b]) => a ?? b));
    expect(codes.map(({ code }) => code)).toEqual([...new Set(used)].sort());
    expect(codes.length).toBeGreaterThan(25);
  });

  const rows = codes.flatMap(({ code = '', example = '', documented, permissive }) => [
    [code, 'documented', example, documented] as const,
    [code, 'permissive', example, permissive] as const,
  ]);
  test.each(rows)('%s, %s: %s', async (code, dialect, example, severity) => {
    expect((await severities(textOf(example), dialect, code))[0]).toBe(severity);
  });

  test('passes the bounds by one only', async () => {
    const repeated = codes.filter(({ example }) => / \d+ times/.test(example ?? ''));
    expect(repeated.map(({ code }) => code)).toEqual(['bound', 'nesting-too-deep', 'too-many']);
    for (const { code = '', example = '' } of repeated) {
      const fewer = example.replace(/\d+(?= times)/, (times) => String(Number(times) - 1));
      expect(await severities(textOf(fewer), 'permissive', code)).toEqual([]);
    }
  });
});

test('the search path is that of the code', () => {
  const lists = page.flatMap((piece) =>
    piece.kind === 'code' && piece.language === 'text' ? [piece.text] : [],
  );
  expect(lists).toEqual([`${SEARCH_PATH.join('\n')}\n`]);
});

describe('the grammar', () => {
  const terminals = [...statements.matchAll(/"([^"]+)"/g)].map(([, terminal]) => terminal ?? '');
  const marks = [...new Set(terminals.filter((terminal) => !/\w/.test(terminal)))].sort();

  test('has the marks of the lexer', () => {
    const ascii = Array.from({ length: 94 }, (_, i) => String.fromCharCode(i + 33));
    const own = ascii.filter((mark) => lex(` ${mark} `).some(({ kind }) => kind === mark));
    expect(marks).toEqual(own.sort());
  });

  test('has the blanks of the lexer', () => {
    const characters: Readonly<Record<string, string>> = {
      space: ' ',
      tab: '\t',
      'line feed': '\n',
      'carriage return': '\r',
      'vertical tab': '\v',
      'form feed': '\f',
      NUL: '\0',
      'no-break space': '\u00a0',
      'byte order mark': '\ufeff',
    };
    const [, names = ''] = /^blank +=([^;]*);/m.exec(grammar) ?? [];
    const told = names.split('|').map((name) => characters[name.trim()]);
    const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    expect(told.sort()).toEqual(all.filter((character) => lex(character)[0]?.kind === 'blank'));
  });

  test('has the keywords of the parser', () => {
    const words = new Set(terminals.filter((terminal) => /\w/.test(terminal)));
    expect([...words].sort()).toEqual([...INCLUDE_KEYWORDS].sort());
    for (const word of words) expect(parse(`${word} "x"`).tree.items).toMatchObject([{ kind: 'include' }]);
  });

  test('derives nothing that the parser refuses', () => {
    const productions = productionsOf(statements);
    const texts = { text: ['a', '"b c"', '300,6', '""'], name: ['TLS', 'ds_core', 'x-y.z', '_a:2'] };
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        const text = derivation(productions, 'file', { texts, next: () => choices.next().value }).join(' ');
        expect([
          text,
          parse(text, '', 'permissive').diagnostics.filter((d) => d.severity === 'error'),
        ]).toEqual([text, []]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe.each(examplesWith(page, ...ANSWERS))('the example below $heading', ({ conf, rows }) => {
  test('is valid', () => expect(configOfExample(conf).diagnostics).toEqual([]));

  test.each(rows.map((row) => [row['scope'], row['option'], row]))('%s: %s', (_scope, _option, row) => {
    expect(written(ask(conf, row))).toEqual({ value: row['value'], line: row['line'] });
  });
});

test('examples with answers are there', () => {
  expect(examplesWith(page, ...ANSWERS).map(({ heading }) => heading)).toEqual([
    'At a glance',
    'Escapes',
    'Names',
  ]);
});
