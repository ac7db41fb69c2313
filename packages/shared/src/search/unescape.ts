import { QueryError } from './query-error.js';
import { ANY, ONE, type PatternPart } from './tree.js';

/**
 * What a token says, without its backslashes; `\u0041` is A. With `isWild`, `*` and `?` that are not escaped stand for
 * themselves as ANY and ONE. `offset`: of the token, for the error. Throws QueryError.
 */
export function unescapeParts(image: string, offset: number, isWild = false): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let text = '';
  for (let index = 0; index < image.length; index += 1) {
    const char = image.charAt(index);
    if (isWild && (char === '*' || char === '?')) {
      if (text !== '') parts.push(text);
      text = '';
      parts.push(char === '*' ? ANY : ONE);
    } else if (char !== '\\') text += char;
    else if (image[index + 1] === 'u') {
      text += unicode(image, index + 2, offset);
      index += 5;
    } else {
      index += 1;
      if (index >= image.length) throw endsEscaped(image, offset);
      text += image.charAt(index);
    }
  }
  if (text !== '') parts.push(text);
  return parts;
}

export function unescapeText(image: string, offset: number): string {
  return unescapeParts(image, offset).join('');
}

function unicode(image: string, from: number, offset: number): string {
  const digits = image.slice(from, from + 4);
  const at = { offset: offset + from - 2, length: 2 + digits.length };
  for (const digit of digits)
    if (!/[0-9a-fA-F]/.test(digit))
      throw new QueryError({
        text: `\\u is followed by four hexadecimal digits; "${digit}" is none`,
        at,
        classic: `None-hex character in unicode escape sequence: ${digit}`,
      });
  if (digits.length < 4)
    throw new QueryError({
      text: '\\u is followed by four hexadecimal digits',
      at,
      classic: 'Truncated unicode escape sequence.',
    });
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function endsEscaped(image: string, offset: number): QueryError {
  return new QueryError({
    text: 'a backslash takes the next character as it is, and none follows',
    at: { offset: offset + image.length - 1, length: 1 },
    classic: 'Term can not end with escape character.',
  });
}
