import { afterEach, expect, test } from 'vitest';
import { Cursor } from './cursor.js';
import { parse } from './parse.js';

const UNITS = 4_096;
const GROWTH = 8;
/** Linear is 8, a square 64. */
const RATIO_MAX = 12;

const { charCodeAt, indexOf, lastIndexOf, slice, includes } = String.prototype;
const { ahead, peek } = Cursor.prototype;

afterEach(() => {
  Object.assign(String.prototype, { charCodeAt, indexOf, lastIndexOf, slice, includes });
  Object.assign(Cursor.prototype, { ahead, peek });
});

/** Characters and tokens that are inspected while a text is read: a count, because a time depends on the machine. */
function work(text: string): number {
  let visits = 0;
  Object.assign(String.prototype, {
    charCodeAt(this: string, at: number) {
      visits += 1;
      return charCodeAt.call(this, at);
    },
    indexOf(this: string, needle: string, from = 0) {
      const found = indexOf.call(this, needle, from);
      visits += (found === -1 ? this.length : found) - from + 1;
      return found;
    },
    lastIndexOf(this: string, needle: string, from = this.length) {
      const found = lastIndexOf.call(this, needle, from);
      visits += from - found;
      return found;
    },
    slice(this: string, start?: number, end?: number) {
      const part = slice.call(this, start, end);
      visits += part.length;
      return part;
    },
    includes(this: string, needle: string) {
      visits += this.length;
      return includes.call(this, needle);
    },
  });
  Cursor.prototype.peek = function () {
    visits += 1;
    return peek.call(this);
  };
  Cursor.prototype.ahead = function (count) {
    visits += count;
    return ahead.call(this, count);
  };
  parse(text);
  return visits;
}

test.each<[string, string]>([
  ['quotes', '"'],
  ['quotes and letters', '"a'],
  ['quotes on lines of their own', '"\n'],
  ['escaped quotes on lines of their own', '"\\"\n'],
  ['backslashes', '\\'],
  ['a quote and backslashes', '"\\\\'],
  ['slashes', '/'],
  ['slashes and stars', '/*'],
  ['words with slashes and stars', 'a/* '],
  ['stars', '*'],
  ['slashes after blanks', ' /('],
  ['opening braces', '{'],
  ['scopes within scopes', 'a{'],
  ['scopes without an end on lines', 'a {\n'],
  ['closing braces', '}'],
  ['round brackets', '('],
  ['lists without an end', 'a=('],
  ['square brackets', '['],
  ['dictionaries without an end', 'a=[b='],
  ['typographic quotes', '“'],
  ['typographic quotes after straight ones', '"“'],
  ['byte order marks', '\ufeff'],
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['commas', ','],
  ['words and commas', 'a,'],
  ['number signs', '#'],
  ['equals signs', '='],
  ['names before no brace', 'a "b" '],
  ['options on one line', 'a=b '],
  ['texts and brackets on one line', '( "a"b )'],
  ['texts that end with a bracket', '("a )\n'],
  ['typographic quotes that straight ones end', '“"'],
  ['names of no end on one line', 'a '],
])('many %s take work in proportion to their number', (_name, piece) => {
  const repeated = (units: number) => piece.repeat(units / piece.length);
  expect(work(repeated(UNITS * GROWTH)) / work(repeated(UNITS))).toBeLessThan(RATIO_MAX);
});
