import type { UmaskLine } from '../../facts/umask.js';
import type { Command, Script } from './sh-tree.js';
import { parseUmask } from './umask-text.js';

/** The `umask` commands in what is not run, so that a person sees that they were seen. */
export function skippedUmasks(command: Command, file: string, condition: string | null): UmaskLine[] {
  if (command.kind === 'simple') {
    const [name, argument] = command.words.map(({ raw }) => raw);
    if (name !== 'umask' || argument === undefined) return [];
    return [
      {
        file,
        line: command.line,
        text: command.text,
        umask: parseUmask(argument, null),
        runs: 'no',
        condition,
      },
    ];
  }
  return [...commandsIn(command), ...scriptsIn(command).flatMap(({ commands }) => commands)].flatMap((one) =>
    skippedUmasks(one, file, condition),
  );
}

function commandsIn(command: Command): readonly Command[] {
  if (command.kind === 'pipeline') return command.commands;
  return command.kind === 'chain' ? [command.first, ...command.rest.map((link) => link.command)] : [];
}

function scriptsIn(command: Command): readonly Script[] {
  if (command.kind === 'case') return command.arms.map((arm) => arm.body);
  if (command.kind === 'if')
    return [
      ...command.branches.map((branch) => branch.body),
      ...(command.otherwise ? [command.otherwise] : []),
    ];
  return command.kind === 'group' || command.kind === 'for' || command.kind === 'loop' ? [command.body] : [];
}
