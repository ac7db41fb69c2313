const FLAGS = [
  'quiet',
  'debug',
  'auto',
  'mine',
  'theirs',
  'manual',
  'add-all',
  'delete-all',
  'revert',
] as const;
const VALUES = ['username', 'password', 'wc', 'message'] as const;

/** What each working-copy command knows besides the common options (Manual, executable.eccfg). */
const OF_COMMAND: Readonly<Record<string, readonly string[]>> = {
  pull: ['auto', 'mine', 'theirs', 'manual'],
  commit: ['add-all', 'delete-all', 'message'],
  put: ['message'],
  resolve: ['revert'],
};
const COMMON = ['quiet', 'debug', 'username', 'password', 'wc'];

export interface EccfgCall {
  readonly command: string;
  readonly words: readonly string[];
  readonly flags: ReadonlySet<(typeof FLAGS)[number]>;
  readonly values: ReadonlyMap<(typeof VALUES)[number], string>;
}

/** Options may be shortened while they stay unique, and have one hyphen or two (Manual, executable.eccfg, Note). */
export function parseCall(args: readonly string[]): EccfgCall {
  const [command = '', ...rest] = args;
  const names = [...COMMON, ...(OF_COMMAND[command] ?? [])];
  const words: string[] = [];
  const flags = new Set<(typeof FLAGS)[number]>();
  const values = new Map<(typeof VALUES)[number], string>();
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] ?? '';
    const name = arg.startsWith('-') ? whole(arg, names) : null;
    const flag = FLAGS.find((one) => one === name);
    const value = VALUES.find((one) => one === name);
    if (flag) flags.add(flag);
    else if (value) values.set(value, afterEquals(arg) ?? rest[++at] ?? '');
    else words.push(arg);
  }
  return { command, words, flags, values };
}

function whole(arg: string, names: readonly string[]): string {
  const short = arg.replace(/^-+/, '').split('=')[0] ?? '';
  const found = names.filter((name) => name === short || name.startsWith(short));
  const exact = found.find((name) => name === short);
  if (exact !== undefined) return exact;
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(
    found.length === 0 ? `Unknown option: ${short}` : `Option ${short} is ambiguous (${found.join(', ')})`,
  );
}

function afterEquals(arg: string): string | null {
  const at = arg.indexOf('=');
  return at === -1 ? null : arg.slice(at + 1);
}
