import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lex, TokenStream } from './lex.js';
import { isText, type Token } from './token.js';

/** `word a`, `string "a" unclosed`, and a mark of punctuation as itself; the end is left out. */
function shown(text: string, tokens: readonly Token[]): string[] {
  return tokens
    .filter(({ kind }) => kind !== 'end')
    .map(({ kind, start, end, unclosed, curly }) => {
      const slice = text.slice(start, end);
      const marks = `${unclosed ? ' unclosed' : ''}${curly ? ' curly' : ''}`;
      return kind === slice ? kind : `${kind} ${slice}${marks}`;
    });
}

const withoutBlanks = (text: string) =>
  shown(
    text,
    lex(text).filter(({ kind }) => kind !== 'blank'),
  );

type Row = readonly [name: string, text: string, tokens: readonly string[]];

const comments: Row[] = [
  ['# ends with its line', '# a\nb', ['comment # a', 'word b']],
  ['# ends before the carriage return of its line', '# a\r\nb', ['comment # a', 'word b']],
  ['# alone at the end of the text', 'a #', ['word a', 'comment #']],
  ['# ends a word', 'a#b', ['word a', 'comment #b']],
  ['# on an empty line before another line', '#\nb', ['comment #', 'word b']],
  ['# within a text is text', '"a#b"', ['string "a#b"']],
  ['a C comment ends with its first end', '/* a /* b */ c */', ['comment /* a /* b */', 'word c', 'word */']],
  ['a C comment goes over lines', '/* a\n b */ c', ['comment /* a\n b */', 'word c']],
  ['the shortest C comment', '/**/x', ['comment /**/', 'word x']],
  ['its own star does not end a C comment', '/*/x */', ['comment /*/x */']],
  ['a C comment without an end is its first line', '/* a\nb', ['comment /* a unclosed', 'word b']],
  ['a C comment without an end or a text', '/*', ['comment /* unclosed']],
  ['two C comments on one line', '/*a*/b/*c*/', ['comment /*a*/', 'word b', 'comment /*c*/']],
  ['two slashes begin nothing', '// a b', ['word //', 'word a', 'word b']],
  ['two slashes within a word', 'digest://a', ['word digest://a']],
  ['a C comment ends a word', '1/* c */2', ['word 1', 'comment /* c */', 'word 2']],
  ['a C comment after punctuation', 'a=/* c */1', ['word a', '=', 'comment /* c */', 'word 1']],
  ['a path pattern begins no comment', '/var/log/* x', ['word /var/log/*', 'word x']],
  ['nor where an end follows', '/var/log/* x */', ['word /var/log/*', 'word x', 'word */']],
  ['a type pattern begins no comment', 'text/* x', ['word text/*', 'word x']],
  ['nor where the end is on a later line', 'text/*\n*/ x', ['word text/*', 'word */', 'word x']],
  ['nor after a first slash', 'a/b/* c */', ['word a/b/*', 'word c', 'word */']],
  ['a slash alone within a word', 'a/b', ['word a/b']],
  ['a comment that ends with the last line', 'a/* c */\n', ['word a', 'comment /* c */']],
];

const strings: Row[] = [
  ['an empty text', '""', ['string ""']],
  ['a text with blanks and marks', '"a { = ) b"', ['string "a { = ) b"']],
  ['an escaped quote', '"a\\"b" c', ['string "a\\"b"', 'word c']],
  ['an escaped backslash before the end', '"a\\\\" b', ['string "a\\\\"', 'word b']],
  ['a text over two lines', '"a\nb" c', ['string "a\nb"', 'word c']],
  ['a text that stands against a word', '"a"b', ['string "a"', 'word b']],
  ['a text ends a word', 'a"b"', ['word a', 'string "b"']],
  ['no closing quote at all', '"a', ['string "a unclosed']],
  ['a quote alone', '"', ['string " unclosed']],
  ['a backslash as the last character', '"a\\', ['string "a\\ unclosed']],
  ['no closing quote: the line is taken', '"a b\nc', ['string "a b unclosed', 'word c']],
  ['and not the blanks at its end', '"a \t\nc', ['string "a unclosed', 'word c']],
  ['nor the brace there', '"a {\n}', ['string "a unclosed', '{', '}']],
  ['nor the brace against the text', '"a{\n}', ['string "a unclosed', '{', '}']],
  ['a quote and a brace', '"{\n', ['string " unclosed', '{']],
  ['a quote, blanks and a brace', '"  {\n', ['string " unclosed', '{']],
  [
    'nor the round bracket of its line',
    'x=( "a )\nb',
    ['word x', '=', '(', 'string "a unclosed', ')', 'word b'],
  ],
  ['nor the square one', 'x=[ "a ]\nb', ['word x', '=', '[', 'string "a unclosed', ']', 'word b']],
  ['a round bracket that was not opened is text', '"a )\nb', ['string "a ) unclosed', 'word b']],
  ['nor one that was opened on another line', '(\n"a )\nb', ['(', 'string "a ) unclosed', 'word b']],
  ['a square bracket that was not opened is text', '"a ]\nb', ['string "a ] unclosed', 'word b']],
  ['a round bracket does not open a square one', '( "a ]\nb', ['(', 'string "a ] unclosed', 'word b']],
  ['a brace that closes is text', '"a }\nb', ['string "a } unclosed', 'word b']],
  ['only one bracket is left out', '"a {{\nb', ['string "a { unclosed', '{', 'word b']],
  [
    'the next line’s opening quote does not close it',
    'a = "b\nc = "d"',
    ['word a', '=', 'string "b unclosed', 'word c', '=', 'string "d"'],
  ],
  ['the opening quote of the next line', '"a\n"b"', ['string "a unclosed', 'string "b"']],
  [
    'one text without an end leaves later ones on one line whole',
    '"a\\"\n"b" "c"',
    ['string "a\\" unclosed', 'string "b"', 'string "c"'],
  ],
  [
    'after one without any end a later one ends with its line',
    '"a\n\\"b\n\\"c\n',
    ['string "a unclosed', 'word \\', 'string "b unclosed', 'word \\', 'string "c unclosed'],
  ],
  ['two typographic quotes', '“a b” c', ['string “a b” curly', 'word c']],
  ['low and high typographic quotes', '„a“ c', ['string „a“ curly', 'word c']],
  ['a typographic quote, then a straight one', '“a b" c', ['string “a b" curly', 'word c']],
  ['a straight quote, then a typographic one', '"a b” c', ['string "a b” curly', 'word c']],
  ['the same before a later text', '"a b” c "d"', ['string "a b” curly', 'word c', 'string "d"']],
  [
    'the same before a text of the next line',
    '"a b”\nc = "d"',
    ['string "a b” curly', 'word c', '=', 'string "d"'],
  ],
  ['typographic quotes within straight ones', '"a “b” c"', ['string "a “b” c"']],
  ['a typographic quote with nothing to end it', '“a\nb', ['word “a', 'word b']],
  ['nor does one of the next line end it', '“a\n”', ['word “a', 'word ”']],
  ['a typographic quote of the next line ends no straight one', '"a\nb”', ['string "a unclosed', 'word b”']],
  ['a typographic quote within a word', 'a“b c', ['word a“b', 'word c']],
  ['typographic single quotes are letters', '‘a b’', ['word ‘a', 'word b’']],
];

const regularExpressions: Row[] = [
  ['brackets within', '/y\\.co(m|[u-k]{2})$/ {', ['word /y\\.co(m|[u-k]{2})$/', '{']],
  ['no blank before the brace', '/(a)/{', ['word /(a)/', '{']],
  ['at the end of the text', 'Domain /(a)/', ['word Domain', 'word /(a)/']],
  ['at the end of a line', '/(a)/\nb', ['word /(a)/', 'word b']],
  ['marks that begin other tokens', '/a,"#=b/ c', ['word /a,"#=b/', 'word c']],
  [
    'an escaped slash and a blank within: words',
    '/(a\\/ )/ b',
    ['word /', '(', 'word a\\/', ')', 'word /', 'word b'],
  ],
  ['an escaped slash is no end: words', '/(a\\/) b', ['word /', '(', 'word a\\/', ')', 'word b']],
  ['an escaped slash, then the end', '/(a\\/)/ b', ['word /(a\\/)/', 'word b']],
  ['a slash within that no blank follows', '/(a)/b(c)/ d', ['word /(a)/b(c)/', 'word d']],
  ['a blank within: words', '/(a b)/', ['word /', '(', 'word a', 'word b', ')', 'word /']],
  ['no slash at the end: words', '/(a) b', ['word /', '(', 'word a', ')', 'word b']],
  ['no blank before: words', '=/(a)/ ', ['=', 'word /', '(', 'word a', ')', 'word /']],
  ['within a word: words', 'x/(a)/', ['word x/', '(', 'word a', ')', 'word /']],
  ['a letter after the last slash: words', '/(a)/b', ['word /', '(', 'word a', ')', 'word /b']],
];

const commas: Row[] = [
  ['between digits', '300,6', ['word 300,6']],
  ['before a blank', 'a, b', ['word a', ',', 'word b']],
  ['before a text', 'a,"b"', ['word a', ',', 'string "b"']],
  ['after a text', '"a",b', ['string "a"', ',', 'word b']],
  ['before a comma', 'a,,b', ['word a', ',', ',', 'word b']],
  ['before a closing round bracket', '(a,)', ['(', 'word a', ',', ')']],
  ['before a closing square bracket', '[a,]', ['[', 'word a', ',', ']']],
  ['before an opening bracket', 'a,(', ['word a', ',', '(']],
  ['before a brace', 'a,{', ['word a', ',', '{']],
  ['before an equals sign', 'a,=', ['word a', ',', '=']],
  ['before a comment', 'a,#b', ['word a', ',', 'comment #b']],
  ['before a block comment', 'a,/* b */', ['word a', ',', 'comment /* b */']],
  ['before a slash that begins no comment', 'a,/*', ['word a,/*']],
  ['at the end', 'a,', ['word a', ',']],
  ['at the beginning', ',a', [',', 'word a']],
  ['before a typographic quote', 'a,“b', ['word a,“b']],
];

describe.each([
  ['comments', comments],
  ['texts', strings],
  ['bare regular expressions', regularExpressions],
  ['commas', commas],
])('%s', (_title, rows) => {
  test.each(rows)('%s', (_name, text, tokens) => {
    expect(withoutBlanks(text)).toEqual(tokens);
  });
});

test.each([...'{}()[]='])('%s is a token of its own', (mark) => {
  expect(withoutBlanks(`a${mark}${mark}b`)).toEqual(['word a', mark, mark, 'word b']);
});

test.each([
  ['space', ' '],
  ['tab', '\t'],
  ['line feed', '\n'],
  ['carriage return', '\r'],
  ['vertical tab', '\v'],
  ['form feed', '\f'],
  ['NUL', '\0'],
  ['no-break space', '\u00a0'],
  ['byte order mark', '\ufeff'],
])('a %s is blank', (_name, blank) => {
  expect(shown('', lex(`a${blank}${blank}b`)).map((token) => token.trim())).toEqual([
    'word',
    'blank',
    'word',
  ]);
  expect(withoutBlanks(`"a\nb"${blank}`)).toEqual([`string "a\nb"`]);
});

test.each([
  ['line separator', '\u2028'],
  ['next line', '\u0085'],
  ['zero width space', '\u200b'],
  ['ideographic space', '\u3000'],
  ['semicolon', ';'],
  ['single quote', "'"],
  ['letter with an accent', 'é'],
  ['character beyond the basic plane', '𐍈'],
])('a %s is part of a word', (_name, character) => {
  expect(withoutBlanks(`a${character}b`)).toEqual([`word a${character}b`]);
});

test.each([...')]}{,#=;'])('a text over two lines may stand before %s', (mark) => {
  expect(withoutBlanks(`"a\nb"${mark}`)[0]).toBe('string "a\nb"');
});

test.each([...'x("([/\\“'])('a quote on a later line that stands before %s closes nothing', (mark) => {
  expect(withoutBlanks(`"a\nb"${mark}`)[0]).toBe('string "a unclosed');
});

test.each([
  ['of 512 characters is one word', 512, 1],
  ['of one more is not', 513, 513],
])('a bare regular expression %s', (_name, units, count) => {
  expect(withoutBlanks(`/${'('.repeat(units - 2)}/`)).toHaveLength(count);
});

test('texts that are cut short are read again only so often', () => {
  const text = `"\n${'\\"\n'.repeat(100)}"x`;
  const unclosed = withoutBlanks(text).filter((token) => token.endsWith('unclosed'));
  expect(unclosed.length).toBeGreaterThanOrEqual(4);
  expect(unclosed.length).toBeLessThanOrEqual(6);
});

test('words and texts are what a name or a value may be', () => {
  const text = 'a "b" = { # c';
  expect(shown(text, lex(text).filter(isText))).toEqual(['word a', 'string "b"']);
});

const pieces = fc
  .array(
    fc.constantFrom(
      ...['"', "'", '\\', '{', '}', '(', ')', '[', ']', '=', ',', ';', '#', '//', '/*', '*/', '/', '*'],
      ...['\n', '\r\n', ' ', '\t', '\0', '\ufeff', '\u00a0', '“', '”', '„', 'a', 'bc', '"d"', '/e/', '“f”'],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(pieces, fc.string({ unit: 'binary' }));

test('the tokens are the whole text, in order, none empty but the end', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = lex(text);
      expect(tokens.at(-1)).toEqual({ kind: 'end', start: text.length, end: text.length });
      let at = 0;
      for (const token of tokens.slice(0, -1)) {
        expect(token.start).toBe(at);
        expect(token.end).toBeGreaterThan(at);
        at = token.end;
      }
      expect(at).toBe(text.length);
    }),
    { numRuns: 1_000 },
  );
});

test('no two blanks stand side by side, and a blank holds nothing else', () => {
  fc.assert(
    fc.property(pieces, (text) => {
      const tokens = lex(text);
      for (const [index, { kind, start, end }] of tokens.entries()) {
        if (kind !== 'blank') continue;
        expect(text.slice(start, end)).toMatch(/^[ \t\n\r\v\f\0\u00a0\ufeff]+$/);
        expect(tokens[index + 1]?.kind).not.toBe('blank');
      }
    }),
  );
});

test('the stream is lex without blanks, the comments apart, and ends again and again', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const all = lex(text);
      const stream = new TokenStream(text);
      const tokens: Token[] = [stream.next()];
      while (tokens.at(-1)?.kind !== 'end') tokens.push(stream.next());
      expect({ tokens, comments: stream.comments }).toEqual({
        tokens: all.filter(({ kind }) => kind !== 'blank' && kind !== 'comment'),
        comments: all.filter(({ kind }) => kind === 'comment'),
      });
      expect(stream.next()).toEqual(tokens.at(-1));
    }),
    { numRuns: 1_000 },
  );
});
