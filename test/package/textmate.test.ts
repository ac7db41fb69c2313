import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';
import { lex } from '../../packages/momentum/src/lex/lex.js';
import { parse } from '../../packages/momentum/src/syntax/parse.js';

const PACKAGE = fileURLToPath(new URL('../../packages/momentum', import.meta.url));
const EDITORS = join(PACKAGE, 'editors');
const SCOPE = 'source.ecelerity-conf';
const json = (name: string) => JSON.parse(readFileSync(join(EDITORS, name), 'utf8'));
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => json('ecelerity-conf.tmLanguage.json'),
  });
  const loaded = await registry.loadGrammar(SCOPE);
  if (!loaded) throw new Error('the grammar is not loaded');
  grammar = loaded;
});

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

/** The pieces of a text as the engine cuts it, by offsets in the whole text. */
function tokenise(text: string): Piece[] {
  let state = textmate.INITIAL;
  let offset = 0;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    const at = offset;
    state = ruleStack;
    offset += line.length + 1;
    const short = (scope: string) => scope.replace(/\.ecelerity-conf$/, '');
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      start: at + startIndex,
      // The engine counts the end of the line in.
      end: at + Math.min(endIndex, line.length),
      scopes: scopes.slice(1).map(short),
    }));
  });
}

/** `text: scopes` of each piece that has a scope. */
function shown(text: string): string[] {
  return tokenise(text)
    .filter(({ scopes }) => scopes.length > 0)
    .map(({ start, end, scopes }) => `${text.slice(start, end)}: ${scopes.join(' ')}`);
}

const STRING = 'string.quoted.double';
const LIST = ['(: punctuation.section.list.begin', '): punctuation.section.list.end'] as const;
const DICTIONARY = [
  '[: punctuation.section.dictionary.begin',
  ']: punctuation.section.dictionary.end',
] as const;
const option = (name: string) => [`${name}: variable.other.option`, '=: keyword.operator.assignment'];

describe('a line has its scopes', () => {
  test.each<[name: string, text: string, pieces: string[]]>([
    ['a comment', '# a = "b"', ['# a = "b": comment.line.number-sign']],
    [
      'a comment after a value',
      'a = b # c',
      [...option('a'), 'b: string.unquoted', '# c: comment.line.number-sign'],
    ],
    [
      'a C comment over lines',
      '/* a\nb */',
      ['/*: comment.block', ' a: comment.block', 'b : comment.block', '*/: comment.block'],
    ],
    ['two slashes', 'a = x://b', [...option('a'), 'x://b: string.unquoted']],
    ['a path with a star', 'a = /b/*', [...option('a'), '/b/*: string.unquoted']],
    ['a number', 'a = -12', [...option('a'), '-12: constant.numeric']],
    ['no number', 'a = 300,6', [...option('a'), '300,6: string.unquoted']],
    ['an address', 'a = 10.0.0.1', [...option('a'), '10.0.0.1: string.unquoted']],
    ['a boolean', 'a=Enabled', [...option('a'), 'Enabled: constant.language.boolean']],
    ['no boolean', 'a = only', [...option('a'), 'only: string.unquoted']],
    [
      'a text with an escape',
      'a = "b\\"c"',
      [
        ...option('a'),
        `": ${STRING}`,
        `b: ${STRING}`,
        `\\": ${STRING} constant.character.escape`,
        `c: ${STRING}`,
        `": ${STRING}`,
      ],
    ],
    ['a value on the next line', 'a =\n  b', [...option('a'), 'b: string.unquoted']],
    [
      'two options on one line',
      'a = 1 b = 2',
      [...option('a'), '1: constant.numeric', ...option('b'), '2: constant.numeric'],
    ],
    [
      'a list',
      'a = ( b, 1 )',
      [
        ...option('a'),
        LIST[0],
        'b: string.unquoted',
        ',: punctuation.separator',
        '1: constant.numeric',
        LIST[1],
      ],
    ],
    [
      'a dictionary',
      'a = [ b-c = 1 ]',
      [
        ...option('a'),
        '[: punctuation.section.dictionary.begin',
        'b-c: variable.other.key',
        '=: keyword.operator.assignment',
        '1: constant.numeric',
        ']: punctuation.section.dictionary.end',
      ],
    ],
    [
      'a dictionary without =',
      'a []',
      [
        'a: variable.other.option',
        '[: punctuation.section.dictionary.begin',
        ']: punctuation.section.dictionary.end',
      ],
    ],
    ['an include', 'Include x.conf', ['Include: keyword.control.import', 'x.conf: string.unquoted.path']],
    [
      'a read-only one',
      'readonly_include "x"',
      ['readonly_include: keyword.control.import', `": ${STRING}`, `x: ${STRING}`, `": ${STRING}`],
    ],
    ['an option of that name', 'include = x', [...option('include'), 'x: string.unquoted']],
    [
      'a scope',
      'ds_core {}',
      [
        'ds_core: entity.name.type.scope',
        '{: punctuation.section.scope.begin',
        '}: punctuation.section.scope.end',
      ],
    ],
    [
      'a scope with a name',
      'Listen :25 {',
      [
        'Listen: entity.name.type.scope',
        ':25: entity.name.section.instance',
        '{: punctuation.section.scope.begin',
      ],
    ],
    [
      'a scope named include',
      'include x {',
      [
        'include: entity.name.type.scope',
        'x: entity.name.section.instance',
        '{: punctuation.section.scope.begin',
      ],
    ],
    [
      'a scope with its brace on the next line',
      'Binding "b"\n{',
      [
        'Binding: entity.name.type.scope',
        `": ${STRING}`,
        `b: ${STRING}`,
        `": ${STRING}`,
        '{: punctuation.section.scope.begin',
      ],
    ],
    [
      'a bare regular expression',
      'Domain /a\\.(b|c)$/{',
      ['Domain: entity.name.type.scope', '/a\\.(b|c)$/: string.regexp', '{: punctuation.section.scope.begin'],
    ],
    ['typographic quotes', 'a = “b c”', [...option('a'), '“b c”: invalid.illegal.typographic-quote']],
    [
      'typographic quotes where a name should be',
      '“b” = c',
      [
        '“b”: invalid.illegal.typographic-quote',
        '=: keyword.operator.assignment',
        'c: entity.name.type.scope',
      ],
    ],
    [
      'options after a list, a dictionary and a text',
      'a = () b = [] c = "" d = 1',
      [
        ...option('a'),
        ...LIST,
        ...option('b'),
        ...DICTIONARY,
        ...option('c'),
        `": ${STRING}`,
        `": ${STRING}`,
        ...option('d'),
        '1: constant.numeric',
      ],
    ],
    [
      'a list that a brace ends',
      'a = ( b\n} c = d',
      [
        ...option('a'),
        LIST[0],
        'b: string.unquoted',
        '}: punctuation.section.scope.end',
        ...option('c'),
        'd: string.unquoted',
      ],
    ],
    [
      'a dictionary that a brace ends',
      'a = [ b\n} c = d',
      [
        ...option('a'),
        DICTIONARY[0],
        'b: string.unquoted',
        '}: punctuation.section.scope.end',
        ...option('c'),
        'd: string.unquoted',
      ],
    ],
    ['a scope after an open value', 'a = {', [...option('a'), '{: punctuation.section.scope.begin']],
  ])('%s', (_name, text, pieces) => {
    expect(shown(text).filter((piece) => !/^\s*: /.test(piece))).toEqual(pieces);
  });
});

/** Comments and strings as one mark for each character; a line end within has none, and the engine tells none. */
function marks(text: string, ranges: readonly { start: number; end: number; mark: string }[]): string {
  const all = Array.from(text, () => ' ');
  for (const { start, end, mark } of ranges) all.fill(mark, start, end);
  return all.map((mark, i) => (text[i] === '\n' ? '\n' : mark)).join('');
}

function marksOfEngine(text: string): string {
  const ranges = tokenise(text).map(({ start, end, scopes }) => {
    const isComment = scopes.some((scope) => scope.startsWith('comment.'));
    return { start, end, mark: isComment ? 'c' : scopes.includes(STRING) ? 's' : ' ' };
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
      { numRuns: 2_000 },
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
