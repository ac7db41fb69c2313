/** As much of EBNF as docs/grammar.md uses: alternatives, sequences, `{ }`, `[ ]`, `( )`, terminals, names, comments. */
export type Expression =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Expression[] }
  | { readonly kind: 'many' | 'optional'; readonly of: Expression }
  | { readonly kind: 'terminal' | 'name'; readonly text: string };

export type Productions = ReadonlyMap<string, Expression>;

export function productionsOf(source: string): Productions {
  const tokens = source.replace(/\(\*.*?\*\)/gs, '').match(/"[^"]*"|\w+|[=|,;(){}[\]]/g) ?? [];
  const productions = new Map<string, Expression>();
  while (tokens.length > 0) {
    const name = tokens.shift() ?? '';
    if (tokens.shift() !== '=') throw new Error(`= is expected after ${name}`);
    productions.set(name, anyOf(tokens));
    if (tokens.shift() !== ';') throw new Error(`; is expected at the end of ${name}`);
  }
  return productions;
}

function anyOf(tokens: string[]): Expression {
  const parts = [allOf(tokens)];
  while (tokens[0] === '|') {
    tokens.shift();
    parts.push(allOf(tokens));
  }
  return { kind: 'any', parts };
}

function allOf(tokens: string[]): Expression {
  const parts = [factorOf(tokens)];
  while (tokens[0] === ',') {
    tokens.shift();
    parts.push(factorOf(tokens));
  }
  return { kind: 'all', parts };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

function factorOf(tokens: string[]): Expression {
  const token = tokens.shift() ?? '';
  const closing = CLOSING[token];
  if (closing === undefined) {
    return token.startsWith('"')
      ? { kind: 'terminal', text: token.slice(1, -1) }
      : { kind: 'name', text: token };
  }
  const of = anyOf(tokens);
  if (tokens.shift() !== closing) throw new Error(`${closing} is expected`);
  if (token === '(') return of;
  return { kind: token === '{' ? 'many' : 'optional', of };
}

interface Choices {
  /** What stands for a name that is not derived further. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  next(): number;
}

const DEPTH_MAX = 12;
const REPETITIONS_MAX = 4;

/** The tokens of one text that the grammar derives. Deep down, what may be left out is. */
export function derivation(productions: Productions, start: string, choices: Choices): string[] {
  const from = (expression: Expression, depth: number): string[] => {
    switch (expression.kind) {
      case 'any':
        return from(pick(expression.parts, choices), depth);
      case 'all':
        return expression.parts.flatMap((part) => from(part, depth));
      case 'many':
      case 'optional': {
        const most = depth > DEPTH_MAX ? 0 : expression.kind === 'many' ? REPETITIONS_MAX : 1;
        return Array.from({ length: choices.next() % (most + 1) }, () =>
          from(expression.of, depth + 1),
        ).flat();
      }
      case 'terminal':
        return [expression.text];
      default: {
        const texts = choices.texts[expression.text];
        if (texts) return [pick(texts, choices)];
        const production = productions.get(expression.text);
        if (!production) throw new Error(`${expression.text} has no production`);
        return from(production, depth + 1);
      }
    }
  };
  return from({ kind: 'name', text: start }, 0);
}

function pick<T>(from: readonly T[], { next }: Choices): T {
  return from[next() % from.length] as T;
}
