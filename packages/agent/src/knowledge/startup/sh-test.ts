import { arithmetic } from './sh-arithmetic.js';
import { patternOf, textOf } from './sh-expand.js';
import type { Expansion } from './sh-expansion.js';
import { matchesText } from './sh-pattern.js';
import { areEqual, isFilled, known, type Text } from './sh-text.js';
import type { Part, Word } from './sh-tree.js';
import { and, not, or, type Tri, tri } from './tri.js';

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
};
const BINARY = new Set(['=', '==', '!=', '=~', '<', '>', '-nt', '-ot', '-ef', ...Object.keys(COMPARE)]);
const DEPTH_MAX = 40;

/** test(1): by the number of arguments, as POSIX has it; null arguments (not even their number is known) are unclear. */
export function testCommand(args: readonly Text[] | null, to: Expansion, depth = 0): Tri {
  if (args === null || depth > DEPTH_MAX) return 'unclear';
  const words = args.map((arg) => known(arg) ?? '\0');
  const [a, b, c] = args;
  if (a === undefined) return 'no';
  if (b === undefined) return isFilled(a);
  if (args.length === 2) {
    return words[0] === '!' ? not(isFilled(b)) : unary(words[0] ?? '', b, to);
  }
  if (args.length === 3 && c && BINARY.has(words[1] ?? '')) return binary(a, words[1] ?? '', c);
  const either = words.indexOf('-o');
  if (either > 0 && either < words.length - 1)
    return or(
      testCommand(args.slice(0, either), to, depth + 1),
      testCommand(args.slice(either + 1), to, depth + 1),
    );
  const both = words.indexOf('-a');
  if (both > 0 && both < words.length - 1)
    return and(
      testCommand(args.slice(0, both), to, depth + 1),
      testCommand(args.slice(both + 1), to, depth + 1),
    );
  if (words[0] === '!') return not(testCommand(args.slice(1), to, depth + 1));
  return 'unclear';
}

function unary(operator: string, text: Text, to: Expansion): Tri {
  if (operator === '-n') return isFilled(text);
  if (operator === '-z') return not(isFilled(text));
  const value = known(text);
  if (value === null) return 'unclear';
  // A login of a person: input and output are a terminal.
  if (operator === '-t') return to.isInteractive && /^[012]$/.test(value) ? 'yes' : 'unclear';
  if (operator === '-v') return /^[A-Za-z_]\w*$/.test(value) ? to.state.isSet(value) : 'unclear';
  if (operator === '-o') return 'unclear';
  return /^-[abcdefghkprstuwxLOGNS]$/.test(operator) ? fileTest(operator, value, to) : 'unclear';
}

function fileTest(operator: string, path: string, { files }: Expansion): Tri {
  if (path === '') return 'no';
  // What a login has there is not what the tree has.
  if (!path.startsWith('/') || /^\/(proc|dev|run|tmp|var\/run)(\/|$)/.test(path)) return 'unclear';
  const stat = /[hL]/.test(operator) ? files.lstat(path) : files.stat(path);
  if (!stat.ok) return stat.problem === 'missing' || stat.problem === 'not-directory' ? 'no' : 'unclear';
  const { kind, sizeBytes, mode, uid } = stat.value;
  switch (operator) {
    case '-d':
      return tri(kind === 'directory');
    case '-f':
      return tri(kind === 'file');
    case '-h':
    case '-L':
      return tri(kind === 'symlink');
    case '-s':
      return kind === 'file' ? tri(sizeBytes > 0) : 'unclear';
    // Root may search any folder, and run any file that somebody may.
    case '-x':
      return kind === 'file' ? tri((mode & 0o111) !== 0) : kind === 'directory' ? 'yes' : 'unclear';
    case '-O':
      return tri(uid === 0);
    case '-S':
      return tri(kind === 'socket');
    case '-e':
    case '-a':
    case '-r':
    case '-w':
      return 'yes';
    default:
      return 'unclear';
  }
}

function binary(left: Text, operator: string, right: Text): Tri {
  if (operator === '=' || operator === '==') return areEqual(left, right);
  if (operator === '!=') return not(areEqual(left, right));
  const compare = COMPARE[operator];
  const [a, b] = [known(left)?.trim() ?? '', known(right)?.trim() ?? ''];
  // Here a leading zero says nothing, other than in arithmetic.
  if (compare && /^-?\d{1,15}$/.test(a) && /^-?\d{1,15}$/.test(b)) return tri(compare(Number(a), Number(b)));
  return 'unclear';
}

/** `[[ ... ]]`: neither splits nor lists files, and its right side is a pattern. */
export function conditional(words: readonly Word[], to: Expansion): Tri {
  return new Conditional(words, to).run();
}

class Conditional {
  #at = 0;
  #depth = 0;
  #isUnderstood = true;

  constructor(
    private readonly words: readonly Word[],
    private readonly to: Expansion,
  ) {}

  run(): Tri {
    const answer = this.#or();
    return this.#isUnderstood && this.#at === this.words.length ? answer : 'unclear';
  }

  get #raw(): string {
    return this.words[this.#at]?.raw ?? '';
  }

  #takes(raw: string): boolean {
    if (this.#raw !== raw) return false;
    this.#at += 1;
    return true;
  }

  #or(): Tri {
    let left = this.#and();
    while (this.#takes('||')) left = or(left, this.#and());
    return left;
  }

  #and(): Tri {
    let left = this.#not();
    while (this.#takes('&&')) left = and(left, this.#not());
    return left;
  }

  #not(): Tri {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#isUnderstood = false;
    const answer = this.#isUnderstood ? this.#primary() : 'unclear';
    this.#depth -= 1;
    return answer;
  }

  #primary(): Tri {
    if (this.#takes('!')) return not(this.#not());
    if (this.#takes('(')) {
      const answer = this.#or();
      if (!this.#takes(')')) this.#isUnderstood = false;
      return answer;
    }
    const [first, second, third] = this.words.slice(this.#at, this.#at + 3);
    if (!first) {
      this.#isUnderstood = false;
      return 'unclear';
    }
    if (second && third && BINARY.has(second.raw)) {
      this.#at += 3;
      return this.#binary(first, second.raw, third);
    }
    if (/^-[a-zA-Z]$/.test(first.raw) && second && !/^(&&|\|\||\))$/.test(second.raw)) {
      this.#at += 2;
      return this.#unary(first.raw, second.parts);
    }
    this.#at += 1;
    return isFilled(textOf(first.parts, this.to));
  }

  #unary(operator: string, parts: readonly Part[]): Tri {
    const text = textOf(parts, this.to);
    if (operator === '-o') {
      const option = known(text);
      return option === 'interactive' && this.to.isInteractive ? 'yes' : 'unclear';
    }
    return unary(operator, text, this.to);
  }

  #binary(first: Word, operator: string, third: Word): Tri {
    const left = textOf(first.parts, this.to);
    if (this.to.state.hasOddPatterns) return 'unclear';
    if (/^(==?|!=)$/.test(operator)) {
      const pattern = patternOf(third.parts, this.to);
      const isPlain = pattern?.every((glyph) => glyph.kind === 'char') ?? false;
      const answer = isPlain ? areEqual(left, textOf(third.parts, this.to)) : matchesText(pattern, left);
      return operator === '!=' ? not(answer) : answer;
    }
    if (operator === '=~') {
      const [part] = third.parts;
      const [text, whole] = [known(left), part?.kind === 'text' ? part.text : null];
      return third.parts.length === 1 && text !== null && whole !== null
        ? tri(text.includes(whole))
        : 'unclear';
    }
    const compare = COMPARE[operator];
    if (!compare) return 'unclear';
    const sides = [left, textOf(third.parts, this.to)].map((side) => this.#number(side));
    const [a = null, b = null] = sides;
    return a === null || b === null ? 'unclear' : tri(compare(a, b));
  }

  /** Both sides are expressions: a name stands for its value. */
  #number(side: Text): number | null {
    const text = known(side);
    return text === null ? null : arithmetic(text, this.to);
  }
}
