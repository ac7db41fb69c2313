/** Whether Apache takes a name for a pattern (apr_fnmatch_test): `*`, `?`, or a bracket that is closed. */
export function isPattern(text: string): boolean {
  const lastClose = text.lastIndexOf(']');
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '*' || char === '?' || (char === '[' && lastClose > at)) return true;
  }
  return false;
}

/** One place of a pattern: any text, or a test of one character. */
type Token = 'star' | ((char: string) => boolean);

/**
 * A pattern as fnmatch(3) knows them: `*`, `?`, `[a-z]`, `[!a]`, `[^a]`, `\*`. A name that begins with a dot is meant
 * only by a pattern that does. No regular expression: whoever may write the file could make one that takes for ever.
 */
export function fnmatch(pattern: string): (name: string) => boolean {
  const tokens = tokensOf(pattern);
  const isForDotfiles = pattern.startsWith('.') || pattern.startsWith('\\.');
  return (name) => (isForDotfiles || !name.startsWith('.')) && fits([...name], tokens);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = [...pattern];
  const lastClose = chars.lastIndexOf(']');
  for (let at = 0; at < chars.length; ) {
    const char = chars[at] ?? '';
    const bracket = char === '[' && at < lastClose ? bracketAt(chars, at) : null;
    if (char === '*') {
      if (tokens.at(-1) !== 'star') tokens.push('star');
    } else if (bracket !== null) tokens.push(bracket.test);
    else if (char === '?') tokens.push(() => true);
    else {
      const literal = char === '\\' && at + 1 < chars.length ? chars[at + 1] : char;
      tokens.push((one) => one === literal);
      if (char === '\\') at += 1;
    }
    at = bracket?.next ?? at + 1;
  }
  return tokens;
}

/** Null: the bracket is not closed, and stands for itself. */
function bracketAt(
  chars: readonly string[],
  open: number,
): { readonly test: (char: string) => boolean; readonly next: number } | null {
  let at = open + 1;
  const isNegated = chars[at] === '!' || chars[at] === '^';
  if (isNegated) at += 1;
  const first = at;
  const ranges: (readonly [string, string])[] = [];
  const take = () => {
    if (chars[at] === '\\') at += 1;
    const char = chars[at] ?? '';
    at += 1;
    return char;
  };
  while (at < chars.length && (chars[at] !== ']' || at === first)) {
    const low = take();
    if (chars[at] !== '-' || chars[at + 1] === ']' || at + 1 >= chars.length) ranges.push([low, low]);
    else {
      at += 1;
      ranges.push([low, take()]);
    }
  }
  if (at >= chars.length) return null;
  const isIn = (char: string) => ranges.some(([low, high]) => low <= char && char <= high);
  return { test: (char) => isIn(char) !== isNegated, next: at + 1 };
}

function fits(name: readonly string[], tokens: readonly Token[]): boolean {
  let [at, want, star, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    const token = tokens[want];
    if (token === 'star') {
      star = want;
      want += 1;
      resume = at;
    } else if (token?.(name[at] ?? '')) {
      at += 1;
      want += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      want = star + 1;
    } else return false;
  }
  return tokens.slice(want).every((token) => token === 'star');
}
