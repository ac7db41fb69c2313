import type { FileReader } from '../../ports/files.js';
import { glyphs, matches } from './sh-pattern.js';
import { type Tri, tri } from './tri.js';

/** How deep PAM's files may include one another, and how many rules are followed. */
export const PAM_DEPTH_MAX = 8;
export const PAM_RULES_MAX = 500;

export interface PamRule {
  readonly file: string;
  readonly line: number;
  readonly control: string;
  readonly module: string;
  readonly args: readonly string[];
}

/** The session rules of one service, includes put in place; `problem` where some could not be read. */
export interface PamStack {
  readonly rules: readonly PamRule[];
  readonly problem: string | null;
}

/** pam.conf(5). Null: the service has no file. */
export function sessionStack(files: FileReader, service: string): PamStack | null {
  const rules: PamRule[] = [];
  let problem: string | null = null;
  const read = (name: string, depth: number): boolean => {
    const path = name.startsWith('/') ? name : `/etc/pam.d/${name}`;
    const content = files.read(path, { bytesMax: 1024 * 1024 });
    if (!content.ok) {
      if (content.problem !== 'missing' || depth > 0) problem ??= `${path} (${content.problem})`;
      return content.problem !== 'missing';
    }
    const text = content.value.toString('latin1');
    // A line that ends in a backslash goes on with the next; the count of lines stays.
    const lines = text.replace(/\\\n/g, ' \0').split('\n');
    let number = 1;
    for (const raw of lines) {
      const line = number;
      number += 1 + (raw.split('\0').length - 1);
      const rule = ruleOf(raw.replaceAll('\0', ' '), path, line);
      if (rule === null) continue;
      if (typeof rule !== 'string') rules.push(rule);
      else if (depth >= PAM_DEPTH_MAX) problem ??= `${path} (too many files include one another)`;
      else read(rule, depth + 1);
      if (rules.length > PAM_RULES_MAX) {
        problem ??= `${path} (too many rules)`;
        return true;
      }
    }
    return true;
  };
  return read(service, 0) ? { rules, problem } : null;
}

/** A text: the file to be included here. */
function ruleOf(raw: string, file: string, line: number): PamRule | string | null {
  const text = raw.replace(/#.*$/, '').trim();
  const included = /^@include\s+(\S+)$/.exec(text)?.[1];
  if (included !== undefined) return included;
  const match = /^-?session\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/i.exec(text);
  if (!match) return null;
  const [, control = '', module = '', args = ''] = match;
  if (/^(include|substack)$/i.test(control)) return module;
  const name = module.replace(/^.*\//, '').replace(/\.so(\.\d+)?$/, '');
  return {
    file,
    line,
    control: control.toLowerCase(),
    module: name,
    args: args.split(/\s+/).filter(Boolean),
  };
}

/** Whether a module succeeds for a session of root. */
function succeeds(rule: PamRule, service: string): Tri {
  if (rule.module === 'pam_permit' || rule.module === 'pam_umask') return 'yes';
  if (rule.module === 'pam_deny') return 'no';
  if (rule.module !== 'pam_succeed_if') return 'unclear';
  const words = rule.args.filter((arg) => !/^(debug|use_uid|quiet(_fail|_success)?|audit)$/.test(arg));
  let answer: Tri = 'yes';
  for (let i = 0; i < words.length; i += 3) {
    const one = condition(words[i] ?? '', words[i + 1] ?? '', words[i + 2] ?? '', service);
    if (one === 'no') return 'no';
    if (one === 'unclear') answer = 'unclear';
  }
  return words.length === 0 ? 'unclear' : answer;
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** pam_succeed_if(8), for root. */
function condition(field: string, operator: string, value: string, service: string): Tri {
  const compare = NUMBERS[operator];
  if ((field === 'uid' || field === 'gid') && compare && /^\d+$/.test(value))
    return tri(compare(0, Number(value)));
  const text = field === 'user' ? 'root' : field === 'service' ? service : field === 'uid' ? '0' : null;
  if (text === null) return 'unclear';
  if (operator === '=' || operator === '!=') return tri((text === value) === (operator === '='));
  if (operator === 'in' || operator === 'notin')
    return tri(value.split(':').includes(text) === (operator === 'in'));
  const pattern = operator === '=~' || operator === '!~' ? glyphs(value) : null;
  return pattern === null ? 'unclear' : tri(matches(pattern, text) === (operator === '=~'));
}

/** What a control does: go on, end the stack, or pass over so many rules. */
type Action = number | 'end';

function actions(control: string): { success: Action; failure: Action } {
  if (!control.startsWith('[')) {
    if (control === 'sufficient') return { success: 'end', failure: 0 };
    return { success: 0, failure: control === 'requisite' ? 'end' : 0 };
  }
  const table = new Map(
    [...control.matchAll(/(\w+)\s*=\s*(\w+)/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
  const action = (text: string | undefined): Action =>
    text === undefined
      ? 0
      : /^\d+$/.test(text)
        ? Number(text)
        : text === 'done' || text === 'die'
          ? 'end'
          : 0;
  return {
    success: action(table.get('success') ?? table.get('default')),
    failure: action(table.get('auth_err') ?? table.get('default')),
  };
}

/** The rules with whether they are come to, in order. */
export function reached(stack: PamStack, service: string): { rule: PamRule; runs: Tri }[] {
  const { rules } = stack;
  const found: { rule: PamRule; runs: Tri }[] = [];
  // How many ways lead to a rule; -1: the end of the stack.
  const arrivals = new Map<number, number>([[0, 1]]);
  for (const [index, rule] of rules.entries()) {
    const live = arrivals.get(index) ?? 0;
    const others =
      [...arrivals].some(([at, count]) => at > index && count > 0) || (arrivals.get(-1) ?? 0) > 0;
    const runs: Tri = live === 0 ? 'no' : others ? 'unclear' : 'yes';
    found.push({ rule, runs });
    if (live === 0) continue;
    const { success, failure } = actions(rule.control);
    const result = succeeds(rule, service);
    const next = result === 'yes' ? [success] : result === 'no' ? [failure] : [success, failure];
    for (const action of next) {
      // A stack that fails at once lets nobody in: only an end by success counts.
      const isRefusal = action === 'end' && action !== success;
      if (isRefusal) continue;
      const to = action === 'end' ? -1 : index + 1 + action;
      arrivals.set(to, (arrivals.get(to) ?? 0) + 1);
    }
    arrivals.set(index, 0);
  }
  return found;
}
