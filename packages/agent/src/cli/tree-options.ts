import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { InvalidArgumentError } from 'commander';

/** What every command that inspects a tree understands. */
export interface TreeOptions {
  readonly root: string;
  readonly live?: boolean;
  readonly probe: boolean;
  readonly assumeMomentum?: string;
  readonly name?: string;
}

/** An absolute path of a folder that is there. Relative ones are taken from where the command was called. */
export function folderArgument(given: string): string {
  const path = resolve(given);
  try {
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    throw new InvalidArgumentError(
      `${given}: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such folder' : 'it cannot be inspected'}.`,
    );
  }
  throw new InvalidArgumentError(`${given} is not a folder.`);
}

export function versionArgument(given: string): string {
  if (/^\d+\.\d+(\.\d+){0,2}$/.test(given)) return given;
  throw new InvalidArgumentError('A Momentum version looks like 3.6.6.');
}

/** The text of a file that a person named; `-` is stdin. */
export function readNamed(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw casError(
      'CAS_INPUT_INVALID',
      `${path}: ${error instanceof Error && 'code' in error ? String(error.code) : 'cannot be read'}`,
      error,
    );
  }
}
