/** One line of a postgresql.conf. `refused`: PostgreSQL calls it a syntax error, and does not start. */
export type SettingsLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'setting'; readonly name: string; readonly value: string }
  | { readonly kind: 'refused' };

interface Token {
  readonly kind: 'id' | 'qualified' | 'string' | 'word' | 'number' | 'equals';
  readonly text: string;
}

/**
 * The tokens of guc-file.l, in its order: of several that fit, the longest is taken, and of equally long ones the first.
 * Letters that are not ASCII are refused outside of quotes, whatever that file says.
 */
const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['id', /[a-z_][a-z_0-9]*/iy],
  ['qualified', /[a-z_][a-z_0-9]*\.[a-z_][a-z_0-9]*/iy],
  ['string', /'(?:[^'\\]|\\.|'')*'/sy],
  ['word', /[a-z_][a-z_0-9\-._:/]*/iy],
  ['number', /[-+]?(?:0x[\da-f]+|\d+)[a-z]*/iy],
  ['number', /[-+]?\d*\.\d*(?:e[-+]?\d+)?/iy],
  ['equals', /=/y],
];

/** `name = value` or `name value`, with a comment after it or none. Includes are settings of these names. */
export function settingsLine(line: string): SettingsLine {
  const tokens = tokensOf(line);
  if (tokens === null) return { kind: 'refused' };
  const [name, ...rest] = tokens;
  if (name === undefined) return { kind: 'empty' };
  const values = rest[0]?.kind === 'equals' ? rest.slice(1) : rest;
  const [value] = values;
  const isName = name.kind === 'id' || name.kind === 'qualified';
  const isValue = value !== undefined && value.kind !== 'equals' && value.kind !== 'qualified';
  if (!isName || !isValue || values.length > 1) return { kind: 'refused' };
  return {
    kind: 'setting',
    name: name.text.toLowerCase(),
    value: value.kind === 'string' ? unquoted(value.text) : value.text,
  };
}

/** Null: something in it is no token. */
function tokensOf(line: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    const character = line.charAt(at);
    if (character === '#') break;
    if (/[ \t\r]/.test(character)) {
      at += 1;
      continue;
    }
    const token = longestAt(line, at);
    if (token === null) return null;
    tokens.push(token);
    // A setting has three; what follows is refused whatever it is.
    if (tokens.length > 3) return tokens;
    at += token.text.length;
  }
  return tokens;
}

function longestAt(line: string, at: number): Token | null {
  let best: Token | null = null;
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const text = pattern.exec(line)?.[0] ?? '';
    if (text.length > (best?.text.length ?? 0)) best = { kind, text };
  }
  return best;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** GUC_scanstr: a quote is doubled or has a backslash; octal numbers and the letters of C. */
function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/''|\\([0-7]{1,3}|.)/gs, (pair, escaped: string | undefined) =>
      escaped === undefined
        ? (pair[0] ?? '')
        : /^[0-7]/.test(escaped)
          ? String.fromCharCode(Number.parseInt(escaped, 8) & 0xff)
          : (ESCAPES[escaped] ?? escaped),
    );
}
