import type { Expansion } from './sh-expansion.js';
import { ANY, exact, known } from './sh-text.js';

const ASSIGNS = /\b([A-Za-z_]\w*)\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)/g;
const TOKEN =
  /\s*(0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*|\$\{?[A-Za-z_]\w*\}?|\$\d|\$[#?]|&&|\|\||[=!<>]=|[-+*/%<>!()?:])/y;
const DEPTH_MAX = 40;
const LENGTH_MAX = 1000;

/** The value of an expression of the shell, or null where it is not known. Names that it sets are known no more. */
export function arithmetic(expression: string, to: Expansion): number | null {
  const assigned = [...expression.matchAll(ASSIGNS)].map((match) => match[1] ?? match[2] ?? '');
  if (assigned.length > 0) return assignment(expression, assigned, to);
  return expression.length > LENGTH_MAX ? null : new Evaluator(expression, to).run();
}

/** `n=EXPRESSION`, `n+=EXPRESSION`, `n++` as a whole are worked out; of others the names are forgotten. */
function assignment(expression: string, names: readonly string[], to: Expansion): number | null {
  const whole = /^\s*([A-Za-z_]\w*)\s*([-+*]?)=([^=].*)$/.exec(expression);
  const step = /^\s*([A-Za-z_]\w*)\s*(\+\+|--)\s*$/.exec(expression);
  let value: number | null = null;
  let result: number | null = null;
  if (names.length === 1 && step?.[1]) {
    result = new Evaluator(step[1], to).run();
    value = result === null ? null : result + (step[2] === '++' ? 1 : -1);
  } else if (names.length === 1 && whole?.[1]) {
    const right = whole[2] ? `${whole[1]}${whole[2]}(${whole[3]})` : (whole[3] ?? '');
    value = new Evaluator(right, to).run();
    result = value;
  }
  for (const name of names) {
    if (to.state.readonlyNames.has(name)) to.problem = true;
    else to.state.variables.set(name, value === null ? ANY : exact(String(value)));
  }
  return result;
}

const BINARY: readonly Readonly<Record<string, (a: number, b: number) => number | null>>[] = [
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  {
    '*': (a, b) => a * b,
    '/': (a, b) => (b === 0 ? null : Math.trunc(a / b)),
    '%': (a, b) => (b === 0 ? null : a % b),
  },
];

class Evaluator {
  readonly #tokens: string[] = [];
  #at = 0;
  #isUnderstood = true;
  #depth = 0;

  constructor(
    expression: string,
    private readonly to: Expansion,
  ) {
    TOKEN.lastIndex = 0;
    for (let end = 0; end < expression.trimEnd().length; end = TOKEN.lastIndex) {
      TOKEN.lastIndex = end;
      const token = TOKEN.exec(expression)?.[1];
      if (token === undefined) {
        this.#isUnderstood = false;
        return;
      }
      this.#tokens.push(token);
    }
  }

  run(): number | null {
    const value = this.#value();
    // An error in it ends what is being read.
    if (!this.#isUnderstood) this.to.problem = true;
    return value;
  }

  #value(): number | null {
    if (!this.#isUnderstood) return null;
    if (this.#tokens.length === 0) return 0;
    const value = this.#or();
    return this.#isUnderstood &&
      this.#at === this.#tokens.length &&
      value !== null &&
      Number.isSafeInteger(value)
      ? value
      : null;
  }

  #or(): number | null {
    let left = this.#and();
    while (this.#takes('||')) {
      const right = this.#and();
      left = (left ?? 0) !== 0 || (right ?? 0) !== 0 ? 1 : left === null || right === null ? null : 0;
    }
    return left;
  }

  #and(): number | null {
    let left = this.#binary(0);
    while (this.#takes('&&')) {
      const right = this.#binary(0);
      left = left === 0 || right === 0 ? 0 : left === null || right === null ? null : 1;
    }
    return left;
  }

  #binary(level: number): number | null {
    const operators = BINARY[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (
      let run = operators[this.#tokens[this.#at] ?? ''];
      run;
      run = operators[this.#tokens[this.#at] ?? '']
    ) {
      this.#at += 1;
      const right = this.#binary(level + 1);
      if (left === null || right === null) left = null;
      else {
        left = run(left, right);
        // Divided by zero.
        if (left === null) this.#isUnderstood = false;
      }
    }
    return left;
  }

  #unary(): number | null {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#isUnderstood = false;
    const value = this.#isUnderstood ? this.#operand() : null;
    this.#depth -= 1;
    return value;
  }

  #operand(): number | null {
    if (this.#takes('!')) {
      const value = this.#unary();
      return value === null ? null : Number(value === 0);
    }
    if (this.#takes('-')) {
      const value = this.#unary();
      return value === null ? null : -value;
    }
    if (this.#takes('+')) return this.#unary();
    if (this.#takes('(')) {
      const value = this.#or();
      if (!this.#takes(')')) this.#isUnderstood = false;
      return value;
    }
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined || /^[^\w$]/.test(token)) {
      this.#isUnderstood = false;
      return null;
    }
    return this.#valueOf(token);
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #valueOf(token: string): number | null {
    if (/^\d/.test(token)) return this.#number(token);
    const name = token.replace(/[${}]/g, '');
    const { state } = this.to;
    if (/^[1-9]/.test(name)) {
      const argument = known(state.positional?.[Number(name) - 1] ?? ANY);
      return argument === null ? null : this.#number(argument);
    }
    if (!/^[A-Za-z_]/.test(name)) return null;
    const value = state.value(name);
    if (state.isNounset && state.isSet(name) !== 'yes') this.to.problem = true;
    if (value === null) return 0;
    const text = known(value);
    return text === null ? null : text === '' ? 0 : this.#number(text);
  }

  #number(text: string): number | null {
    const value = numberOf(text);
    if (value === null) this.#isUnderstood = false;
    return value;
  }
}

/** 0 before it: octal, as the shell has it. Null for what is no number: a name, which would be evaluated in turn. */
export function numberOf(text: string): number | null {
  if (/^0[0-7]{1,10}$/.test(text)) return Number.parseInt(text, 8);
  if (/^0[xX][\da-fA-F]{1,8}$/.test(text)) return Number.parseInt(text, 16);
  return /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : null;
}
