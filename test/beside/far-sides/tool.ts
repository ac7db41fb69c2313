/** How a tool may be called where the node stands: what its manual page of that age documents, and nothing else. */
export interface Tool {
  /** Where the options were taken from. */
  readonly source: string;
  /** One letter each, a `:` behind those that take an argument, as getopt(3) has it. */
  readonly letters: string;
  /** Behind two dashes, a `=` behind those that take an argument. Tools that have such words take options behind operands. */
  readonly words?: readonly string[];
  /** The primaries of find, one dash each; with them the letters are those in front of the paths. */
  readonly primaries?: readonly string[];
  /** In sh, where this host has no such program: what stands in for it once its options were found good. */
  readonly says?: string;
}

export type Tools = Readonly<Record<string, Tool>>;

/** Where a namespace keeps the programs of this host. */
export const REAL = '/mnt/bin';

/**
 * The tool as a script: refuses what is not documented as getopt(3) does, exit status 2, and writes the refusal to `log`.
 * It uses nothing but what a shell has built in.
 */
export function wrapperOf(name: string, tool: Tool, log: string): string {
  const body = tool.says ?? `exec ${REAL}/${name} "$@"`;
  return [
    `#!${REAL}/dash`,
    'bad() {',
    `  printf '%s: illegal option -- %s\\n' ${name} "$1" >&2`,
    `  printf '%s %s\\n' ${name} "$1" >>${log}`,
    '  exit 2',
    '}',
    'skip=',
    'for word do',
    '  if test -n "$skip"; then skip=; continue; fi',
    '  case $word in',
    ...casesOf(tool).map((line) => `    ${line}`),
    '  esac',
    'done',
    body,
    '',
  ].join('\n');
}

function casesOf({ letters, words, primaries }: Tool): string[] {
  const atEnd = primaries || words ? ';;' : 'break;;';
  return [
    ...(primaries ? [`${primaries.map((word) => `-${word}`).join('|')}) continue;;`] : ['--) break;;']),
    // A number is an argument of a primary (`-mtime -1`).
    ...(primaries ? ['-[0-9]*) continue;;'] : []),
    ...(words ? [...wordCases(words), '--*) bad "$word";;'] : []),
    `-?*) ${clusterOf(letters)};;`,
    `*) ${atEnd}`,
  ];
}

function wordCases(words: readonly string[]): string[] {
  const taking = words.filter((word) => word.endsWith('=')).map((word) => `--${word.slice(0, -1)}`);
  const plain = words.filter((word) => !word.endsWith('=')).map((word) => `--${word}`);
  return [
    ...(taking.length > 0
      ? [
          `${taking.map((word) => `${word}=*`).join('|')}) continue;;`,
          `${taking.join('|')}) skip=1; continue;;`,
        ]
      : []),
    ...(plain.length > 0 ? [`${plain.join('|')}) continue;;`] : []),
  ];
}

/** Letters behind one dash, until one that takes the rest or the next word. */
function clusterOf(letters: string): string {
  const taking = [...letters.matchAll(/([^:]):/g)].map(([, letter]) => letter ?? '');
  const plain = [...letters.replaceAll(/[^:]:/g, '')];
  const arms = [
    ...(taking.length > 0 ? [`[${taking.join('')}]) test -n "$rest" || skip=1; break;;`] : []),
    ...(plain.length > 0 ? [`[${plain.join('')}]) ;;`] : []),
    '*) bad "$letter";;',
  ];
  return `rest=\${word#-}; while test -n "$rest"; do letter=\${rest%"\${rest#?}"}; rest=\${rest#?}; case $letter in ${arms.join(' ')} esac; done`;
}
