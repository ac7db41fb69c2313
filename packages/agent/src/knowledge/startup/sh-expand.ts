import { arithmetic } from './sh-arithmetic.js';
import type { Expansion } from './sh-expansion.js';
import { type Glyph, glyphs, literal, pathsOf, trimmed } from './sh-pattern.js';
import type { ShellState } from './sh-state.js';
import { ANY, concat, exact, isFilled, known, SOME, type Text } from './sh-text.js';
import type { Part, Redirect, Script, Word } from './sh-tree.js';
import type { Tri } from './tri.js';

/** The most fields that words are split into. */
export const FIELDS_MAX = 4096;
const TEXT_LENGTH_MAX = 65_536;

/** As in an assignment: one text, neither split nor taken as a pattern. */
export function textOf(parts: readonly Part[], to: Expansion): Text {
  let text = exact('');
  parts.forEach((part, index) => {
    text = concat(text, index === 0 ? tilde(part, parts[1], to) : partText(part, to));
  });
  return text.prefix.length > TEXT_LENGTH_MAX ? ANY : text;
}

/** The fields that words become, or null where even their number is not known. */
export function fieldsOf(words: readonly Word[], to: Expansion): Text[] | null {
  const fields: Text[] = [];
  for (const word of words) {
    const more = wordFields(word, to);
    if (more === null || fields.length + more.length > FIELDS_MAX) return null;
    fields.push(...more);
  }
  return fields;
}

function wordFields({ parts }: Word, to: Expansion): Text[] | null {
  const [only] = parts.filter((part) => part.kind !== 'text' || part.text !== '');
  if (only?.kind === 'parameter' && (only.name === '@' || (only.name === '*' && !only.isQuoted)))
    return only.operator === '' && parts.every((part) => part === only || part.kind === 'text')
      ? allPositional(only.isQuoted, to)
      : null;
  const hasBraces = parts.some((part) => part.kind === 'text' && !part.isQuoted && part.text.includes('{'));
  if (hasBraces && /\{.*(,|\.\.).*\}/.test(rawOf(parts))) return null;
  const isSplit = parts.some((part) => part.kind !== 'text' && !part.isQuoted);
  const text = textOf(parts, to);
  if (!isSplit) return hasWildcard(parts) ? globbed(parts, text, to) : [text];
  const value = known(text);
  if (value === null || to.state.variables.has('IFS')) return null;
  if (/[*?[]/.test(value)) {
    // A single word that names files; more than one is not worked out.
    return /\s/.test(value) ? null : globbed(parts, text, to);
  }
  if (parts.length > 1 && parts.some((part) => part.kind === 'text' && /\s/.test(part.text))) return null;
  const isQuoted = parts.some((part) => part.isQuoted);
  const split = value.split(/[ \t\n]+/).filter(Boolean);
  return split.length === 0 && isQuoted ? [exact('')] : split.map(exact);
}

function allPositional(isQuoted: boolean, { state }: Expansion): Text[] | null {
  if (state.positional === null) return null;
  const isPlain = state.positional.every((text) => /^[\w./-]+$/.test(known(text) ?? ''));
  return isQuoted || isPlain ? [...state.positional] : null;
}

function rawOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'text' && !part.isQuoted ? part.text : '_')).join('');
}

function hasWildcard(parts: readonly Part[]): boolean {
  return parts.some((part) => part.kind === 'text' && !part.isQuoted && /[*?[]/.test(part.text));
}

function globbed(parts: readonly Part[], text: Text, to: Expansion): Text[] | null {
  const pattern = patternOf(parts, to);
  if (pattern === null || to.state.hasOddPatterns) return null;
  if (!pattern.some((glyph) => glyph.kind !== 'char')) return [text];
  const paths = pathsOf(to.files, pattern);
  if (paths === null) return null;
  return paths.length === 0 ? [text] : paths.map(exact);
}

/** Of a word as a pattern: what is quoted stands for itself. Null where a part is not known. */
export function patternOf(parts: readonly Part[], to: Expansion): Glyph[] | null {
  const pattern: Glyph[] = [];
  let raw = '';
  const flush = (): boolean => {
    const more = glyphs(raw);
    raw = '';
    if (more) pattern.push(...more);
    return more !== null;
  };
  for (const [index, part] of parts.entries()) {
    const text = known(index === 0 ? tilde(part, parts[1], to) : partText(part, to));
    if (text === null) return null;
    if (!part.isQuoted) raw += text;
    else {
      if (!flush()) return null;
      pattern.push(...literal(text));
    }
  }
  return flush() ? pattern : null;
}

function tilde(part: Part, next: Part | undefined, to: Expansion): Text {
  if (part.kind !== 'text' || part.isQuoted || !part.text.startsWith('~')) return partText(part, to);
  const rest = part.text.slice(1);
  const isEnd = rest === '' && (next === undefined || (next.kind === 'text' && next.text.startsWith('/')));
  if (!rest.startsWith('/') && !isEnd) return rest === 'root' ? (to.state.value('HOME') ?? ANY) : ANY;
  return concat(to.state.value('HOME') ?? ANY, exact(rest));
}

function partText(part: Part, to: Expansion): Text {
  if (part.kind === 'text') return exact(part.text);
  if (part.kind === 'parameter') return parameter(part, to);
  if (part.kind === 'command') return outputOf(part.body, to);
  if (part.kind === 'opaque') return ANY;
  const value = arithmetic(part.text, to);
  return value === null ? SOME : exact(String(value));
}

type Parameter = Extract<Part, { kind: 'parameter' }>;

function parameter(part: Parameter, to: Expansion): Text {
  const { operator } = part;
  const value = parameterValue(part.name, to.state);
  if (operator === 'other') return ANY;
  if (operator === 'length') {
    const text = value === null ? '' : known(value);
    return text === null ? SOME : exact(String([...text].length));
  }
  if (/[#%]/.test(operator)) return cut(part, value, to);
  if (operator !== '') return withDefault(part, value, to);
  if (to.state.isNounset && isSet(part.name, to.state) !== 'yes') to.problem = true;
  return value ?? exact('');
}

function cut(part: Parameter, value: Text | null, to: Expansion): Text {
  if (value === null) return exact('');
  const pattern = patternOf(part.operand, to);
  const text = known(value);
  return text === null || pattern === null || text.length > 4096
    ? ANY
    : exact(trimmed(text, part.operator, pattern));
}

function withDefault(part: Parameter, value: Text | null, to: Expansion): Text {
  const hasColon = part.operator.startsWith(':');
  const kind = part.operator.at(-1);
  const set = isSet(part.name, to.state);
  const isThere: Tri = hasColon ? (value === null ? 'no' : isFilled(value)) : set;
  if (kind === '+') return isThere === 'no' ? exact('') : isThere === 'yes' ? textOf(part.operand, to) : ANY;
  if (isThere === 'yes') return value ?? exact('');
  if (kind === '?') {
    to.problem = true;
    return ANY;
  }
  const fallback = textOf(part.operand, to);
  if (kind === '=') to.state.variables.set(part.name, isThere === 'no' ? fallback : ANY);
  // The variable's own value is not known; either way there is a text where the default is one.
  return isThere === 'no' ? fallback : hasColon && isFilled(fallback) === 'yes' ? SOME : ANY;
}

function isSet(name: string, state: ShellState): Tri {
  if (/^[A-Za-z_]/.test(name)) return state.isSet(name);
  if (!/^[1-9]/.test(name)) return name === '!' ? 'unclear' : 'yes';
  return state.positional === null ? 'unclear' : Number(name) <= state.positional.length ? 'yes' : 'no';
}

function parameterValue(name: string, state: ShellState): Text | null {
  if (/^[A-Za-z_]/.test(name) || name === '-') return state.value(name);
  if (name === '$') return SOME;
  if (name === '?') return state.status === 'yes' ? exact('0') : SOME;
  if (name === '0') return SOME;
  if (state.positional === null) return ANY;
  if (name === '#') return exact(String(state.positional.length));
  if (name === '@' || name === '*') {
    if (state.positional.length === 0) return exact('');
    return state.variables.has('IFS')
      ? ANY
      : state.positional.reduce((all, one) => concat(concat(all, exact(' ')), one));
  }
  return /^[1-9]/.test(name) ? (state.positional[Number(name) - 1] ?? null) : ANY;
}

/** What a substitution gives, of the few programs whose answer for root is known from here. */
function outputOf(body: Script, to: Expansion): Text {
  const [command, second] = body.commands;
  if (second || command?.kind !== 'simple' || command.assignments.length > 0) return ANY;
  if (command.redirects.some(({ operator }) => operator !== '>' && operator !== '>&')) return ANY;
  if (command.redirects.some(({ target }) => target.raw !== '/dev/null')) return ANY;
  const texts = fieldsOf(command.words, to)?.map(known);
  if (!texts || texts.includes(null)) return ANY;
  const [name = '', ...args] = texts as string[];
  if (to.state.functions.has(name) || to.state.aliases.has(name)) return ANY;
  // What it prints is lost where its standard output goes elsewhere.
  if (command.redirects.some(({ operator }) => operator === '>') && !/2>/.test(command.text)) return ANY;
  return programOutput(name.replace(/^(\/usr|\/usr\/xpg4)?\/bin\//, ''), args, to);
}

function programOutput(name: string, args: readonly string[], to: Expansion): Text {
  const line = [name, ...args].join(' ');
  if (/^id -u(r)?$|^id -r?u$|^id -g$/.test(line)) return exact('0');
  if (/^(id -(un|nu|gn|ng)|whoami|logname)$/.test(line) || line === 'id -u -n' || line === 'id -g -n')
    return exact('root');
  if (line === 'umask') {
    const { mask } = to.state;
    return mask === null || /zsh/.test(to.shell) ? ANY : exact(`0${mask.toString(8).padStart(3, '0')}`);
  }
  if (name === 'echo' && !args.some((arg) => /^-|\\/.test(arg))) return exact(args.join(' ').trimEnd());
  if (name === 'run-parts') return runParts(args, to);
  if (/^(hostname|uname|tty|date|pwd)$/.test(name)) return SOME;
  return ANY;
}

/** Debian's /etc/profile has it list the files that it reads; any other use is not worked out. */
function runParts(args: readonly string[], { files }: Expansion): Text {
  const [list, regex, pattern, folder = ''] = args;
  const isDebian = pattern === '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$';
  if (list !== '--list' || regex !== '--regex' || !isDebian || args.length !== 4) return ANY;
  const names = files.list(folder);
  if (!names.ok) return ANY;
  const fitting = names.value.filter((name) => /^[a-zA-Z0-9_][a-zA-Z0-9._-]*\.sh$/.test(name));
  return exact(fitting.map((name) => `${folder}/${name}`).join('\n'));
}

/** Whether redirections can be made: where one cannot, the command is not run. */
export function redirected(redirects: readonly Redirect[], to: Expansion): Tri {
  const isPlain = redirects.every(({ operator, target }) => {
    if (operator.startsWith('<<') || /^\d+-?$|^-$/.test(target.raw)) return true;
    return /^\/dev\/(null|stdout|stderr|stdin)$/.test(known(textOf(target.parts, to)) ?? '');
  });
  return isPlain ? 'yes' : 'unclear';
}
