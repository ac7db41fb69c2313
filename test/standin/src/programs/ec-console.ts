/**
 * ec_console SOCKET COMMAND ... in its batch form. Manual, executable.ec_console; each command names its page below.
 * ASSUMED: it exits 0 whatever a command answered, because no page names exit codes: callers must read the text.
 */
import { runningPid } from '../running/service-processes.js';
import { launched, type StandinNode } from '../running/standin-node.js';
import { configCommand } from './console/config.js';
import { moduleList, tlsFlushCache, version } from './console/plain-commands.js';

const COMMANDS: readonly {
  readonly words: readonly string[];
  readonly answer: (node: StandinNode, rest: readonly string[]) => string;
}[] = [
  { words: ['version'], answer: version },
  { words: ['module', 'list'], answer: moduleList },
  { words: ['tls', 'flush', 'cache'], answer: tlsFlushCache },
  { words: ['config'], answer: configCommand },
];

/** A command may come as one word or as several; quotes keep blanks together. */
function wordsOf(args: readonly string[]): string[] {
  return [...args.join(' ').matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

const { node, args } = launched(process.argv.slice(2));
const [socket, ...rest] = args;
const words = wordsOf(rest);
const command = COMMANDS.find((one) =>
  one.words.every((word, index) => words[index]?.toLowerCase() === word),
);
if (socket === undefined || words.length === 0) {
  process.stderr.write('ec_console: this stand-in answers only to: ec_console SOCKET COMMAND\n');
  process.exitCode = 2;
} else if (socket !== '/tmp/2025' || runningPid(node, 'ecelerity') === null) {
  // ASSUMED: the manual does not show what is printed when nothing listens.
  process.stderr.write(`Unable to connect to ${socket}: Connection refused\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(
    command
      ? command.answer(node, words.slice(command.words.length))
      : `Unknown command: ${words.join(' ')}\n`,
  );
}
