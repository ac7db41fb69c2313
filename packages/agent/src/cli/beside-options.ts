import { type Command, InvalidArgumentError } from 'commander';
import { KNOWN_HOSTS, SSH_CONFIG } from '../adapters/beside/ssh-command.js';
import { folderArgument } from './tree-options.js';

/** What a command that can inspect a node from another host understands. */
export interface BesideOptions {
  readonly host?: string;
  /** The login of the key to probe; absent: `host`. */
  readonly probeHost?: string;
  readonly sshConfig?: string;
  readonly knownHosts?: string;
}

export function withBesideOptions(command: Command): Command {
  return command
    .option('--host <[user@]host>', 'inspect this node from here, over OpenSSH (docs/beside.md)')
    .option('--probe-host <[user@]host>', 'with --host: the login of the key to probe, where it is another')
    .option('--ssh-config <file>', `with --host: an ssh_config(5), instead of ${SSH_CONFIG}`)
    .option('--known-hosts <file>', `with --host: the keys of nodes, instead of ${KNOWN_HOSTS}`);
}

/**
 * The folder of `--root`, which is this host's or, with `--host`, the node's: only here can it be asked which. Ends the
 * command as commander does where it is none.
 */
export function rootOf(command: Command, given: string, host: string | undefined): string {
  try {
    if (host === undefined) return folderArgument(given);
    if (given.startsWith('/')) return given;
    throw new InvalidArgumentError('With --host it is an absolute path of the node.');
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return command.error(`error: option '--root <dir>' argument '${given}' is invalid. ${error.message}`, {
      code: error.code,
      exitCode: error.exitCode,
    });
  }
}
