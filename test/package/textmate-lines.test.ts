import { beforeAll, expect, test } from 'vitest';
import type { IGrammar } from 'vscode-textmate';
import { loadGrammar, tokenise } from './textmate-engine.js';

let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What a theme knows each kind of piece by. */
const KINDS: Readonly<Record<string, string>> = {
  comment: 'comment.line.number-sign',
  block: 'comment.block',
  text: 'string.quoted.double',
  escape: 'string.quoted.double constant.character.escape',
  regex: 'string.regexp',
  word: 'string.unquoted',
  path: 'string.unquoted.path',
  number: 'constant.numeric',
  boolean: 'constant.language.boolean',
  include: 'keyword.control.import',
  option: 'variable.other.option',
  key: 'variable.other.key',
  equals: 'keyword.operator.assignment',
  type: 'entity.name.type.scope',
  name: 'entity.name.section.instance',
  comma: 'punctuation.separator',
  illegal: 'invalid.illegal.typographic-quote',
  begin: 'punctuation.section.scope.begin',
  end: 'punctuation.section.scope.end',
  'list-begin': 'punctuation.section.list.begin',
  'list-end': 'punctuation.section.list.end',
  'dictionary-begin': 'punctuation.section.dictionary.begin',
  'dictionary-end': 'punctuation.section.dictionary.end',
};
const kinds = new Map(Object.entries(KINDS).map(([kind, scopes]) => [scopes, kind]));

/** `kind text` of each piece that has a scope and is not blank; a scope that has no kind here is told as it is. */
function shown(text: string): string {
  return tokenise(grammar, text)
    .map(({ start, end, scopes }) => ({ slice: text.slice(start, end).trim(), scopes: scopes.join(' ') }))
    .filter(({ slice, scopes }) => slice !== '' && scopes !== '')
    .map(({ slice, scopes }) => `${kinds.get(scopes) ?? scopes} ${slice}`)
    .join('  ');
}

test.each([
  ['a comment', '# a = "b"', 'comment # a = "b"'],
  ['a comment after a value', 'a = b # c', 'option a  equals =  word b  comment # c'],
  ['a C comment over lines', '/* a\nb */', 'block /*  block a  block b  block */'],
  ['a C comment after a value', 'a = b/* c */', 'option a  equals =  word b  block /*  block c  block */'],
  ['two slashes', 'a = x://b', 'option a  equals =  word x://b'],
  ['a path with a star', 'a = /b/*', 'option a  equals =  word /b/*'],
  ['a number', 'a = -12', 'option a  equals =  number -12'],
  ['no number', 'a = 300,6', 'option a  equals =  word 300,6'],
  ['an address', 'a = 10.0.0.1', 'option a  equals =  word 10.0.0.1'],
  ['a boolean', 'a=Enabled', 'option a  equals =  boolean Enabled'],
  ['no boolean', 'a = only', 'option a  equals =  word only'],
  ['a text with an escape', 'a = "b\\"c"', 'option a  equals =  text "  text b  escape \\"  text c  text "'],
  [
    'a text over lines',
    'a = "b\nc" d = 1',
    'option a  equals =  text "  text b  text c  text "  option d  equals =  number 1',
  ],
  ['a value on the next line', 'a =\n  b', 'option a  equals =  word b'],
  ['two options on one line', 'a = 1 b = 2', 'option a  equals =  number 1  option b  equals =  number 2'],
  [
    'a list',
    'a = ( b, 1 on )',
    'option a  equals =  list-begin (  word b  comma ,  number 1  boolean on  list-end )',
  ],
  [
    'a dictionary',
    'a = [ b-c = 1 ]',
    'option a  equals =  dictionary-begin [  key b-c  equals =  number 1  dictionary-end ]',
  ],
  ['a dictionary without =', 'a []', 'option a  dictionary-begin [  dictionary-end ]'],
  ['an include', 'Include x.conf', 'include Include  path x.conf'],
  ['a read-only one', 'readonly_include "x"', 'include readonly_include  text "  text x  text "'],
  [
    'an option after an include',
    'include "x" a = 1',
    'include include  text "  text x  text "  option a  equals =  number 1',
  ],
  ['an option named include', 'include = x', 'option include  equals =  word x'],
  ['a scope named include', 'include x {', 'type include  name x  begin {'],
  ['a scope', 'ds_core {}', 'type ds_core  begin {  end }'],
  ['a scope with a name', 'Listen :25 {', 'type Listen  name :25  begin {'],
  [
    'a scope with its brace on the next line',
    'Binding "b" # c\n{',
    'type Binding  text "  text b  text "  comment # c  begin {',
  ],
  ['a bare regular expression', 'Domain /a\\.(b|c)$/{', 'type Domain  regex /a\\.(b|c)$/  begin {'],
  ['typographic quotes', 'a = “b c”', 'option a  equals =  illegal “b c”'],
  ['typographic quotes where a name should be', '“b” = 1', 'illegal “b”  equals =  number 1'],
  [
    'what follows a list and a text',
    'a = () b = "" c = 1',
    'option a  equals =  list-begin (  list-end )  option b  equals =  text "  text "  option c  equals =  number 1',
  ],
  [
    'what follows a dictionary',
    'a = [] b = 1',
    'option a  equals =  dictionary-begin [  dictionary-end ]  option b  equals =  number 1',
  ],
  [
    'a list that a brace ends',
    'a = ( b\n} c = d',
    'option a  equals =  list-begin (  word b  end }  option c  equals =  word d',
  ],
  [
    'a dictionary that a brace ends',
    'a = [ b\n} c = d',
    'option a  equals =  dictionary-begin [  word b  end }  option c  equals =  word d',
  ],
  ['a scope after an open value', 'a = {', 'option a  equals =  begin {'],
])('%s', (_name, text, pieces) => {
  expect(shown(text)).toBe(pieces);
});
