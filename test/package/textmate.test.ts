import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { IGrammar } from 'vscode-textmate';
import { lex } from '../../packages/momentum/src/lex/lex.js';
import { parse } from '../../packages/momentum/src/syntax/parse.js';
import { EDITORS, loadGrammar, SCOPE, tokenise } from './textmate-engine.js';

const PACKAGE = fileURLToPath(new URL('../../packages/momentum', import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(new URL(name, EDITORS), 'utf8'));
let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** Comments and strings as one mark for each character; a line end within has none, and the engine tells none. */
function marks(text: string, ranges: readonly { start: number; end: number; mark: string }[]): string {
  const all = Array.from(text, () => ' ');
  for (const { start, end, mark } of ranges) all.fill(mark, start, end);
  return all.map((mark, i) => (text[i] === '\n' ? '\n' : mark)).join('');
}

function marksOfEngine(text: string): string {
  const ranges = tokenise(grammar, text).map(({ start, end, scopes }) => {
    const isComment = scopes.some((scope) => scope.startsWith('comment.'));
    return { start, end, mark: isComment ? 'c' : scopes.includes('string.quoted.double') ? 's' : ' ' };
  });
  return marks(text, ranges);
}

function marksOfLexer(text: string): string {
  const named = { comment: 'c', string: 's' } as Readonly<Record<string, string>>;
  return marks(
    text,
    lex(text).map(({ start, end, kind }) => ({ start, end, mark: named[kind] ?? ' ' })),
  );
}

describe("comments and strings are the lexer's", () => {
  const folder = join(PACKAGE, 'testing/conf');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.conf'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
    .filter(([, text]) => parse(text).diagnostics.every(({ severity }) => severity === 'warning'));

  test('of most files there', () => expect(texts.length).toBeGreaterThan(6));

  test.each(texts)('%s', (_name, text) => {
    expect(marksOfEngine(text)).toBe(marksOfLexer(text));
  });

  test.each(
    ['grammar.md', 'evaluation.md'].flatMap((page) =>
      [...readFileSync(join(PACKAGE, 'docs', page), 'utf8').matchAll(/^```conf\n([\s\S]*?)^```$/gm)].map(
        ([, text], i) => [page, i + 1, text ?? ''] as const,
      ),
    ),
  )('%s, example %i', (_page, _i, text) => {
    expect(marksOfEngine(text)).toBe(marksOfLexer(text));
  });

  const parts = [
    'a',
    'b1',
    '"',
    '"c d"',
    '"\\""',
    '#',
    '/*',
    '*/',
    '/',
    '*',
    '//',
    '/e(f)/',
    ',',
    '=',
    ...'{}()[]',
    ' ',
    ' ',
    '\n',
    '\\.',
  ];
  test('of any text whose strings and comments end', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        // Where an end is missing, an editor cannot know how far: the lexer looks ahead, the engine sees one line.
        fc.pre(lex(text).every((token) => !token.unclosed));
        compared += 1;
        expect(marksOfEngine(text)).toBe(marksOfLexer(text));
      }),
      {
        numRuns: 2_000,
        // Each was wrong once.
        examples: [[['/', ',', '/*', ' ', '*/']], [['[', ' ', '//', '=', '"\\""', '//']]],
      },
    );
    expect(compared).toBeGreaterThan(1_000);
  });
});

describe('the folder is an extension', () => {
  const { contributes } = json('package.json');

  test('that names the files beside it and the scope of the grammar', () => {
    expect(contributes.grammars).toMatchObject([{ scopeName: SCOPE, language: contributes.languages[0].id }]);
    for (const path of [contributes.grammars[0].path, contributes.languages[0].configuration])
      expect(() => json(path)).not.toThrow();
  });

  test('that closes and matches the brackets of the language', () => {
    const { brackets, comments, indentationRules } = json('language-configuration.json');
    expect(brackets.flat().sort()).toEqual([...'()[]{}'].sort());
    expect(comments).toEqual({ lineComment: '#', blockComment: ['/*', '*/'] });
    const opens = new RegExp(indentationRules.increaseIndentPattern);
    expect(['a {', 'a = ( # b', 'a', '# a {', 'a { }'].filter((line) => opens.test(line))).toEqual([
      'a {',
      'a = ( # b',
    ]);
  });
});
