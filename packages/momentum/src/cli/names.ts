import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { scopesNamed, settingsNamed } from '../evaluate/lookup.js';
import type { Config } from '../files/config.js';
import { knownScopes, nearestNames, nearestOptions, nearestScopes } from '../options/nearest.js';
import { optionInfo } from '../options/table.js';
import { notARelease } from '../values/release.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { CommandFailure } from './read.js';

/** Ends the command where a text is no release of Momentum. */
export function requireRelease(text: string): void {
  const nearest = notARelease(text);
  if (nearest === null) return;
  const message = `"${text}" is not a release of Momentum.${didYouMean(nearest)} Write it as the product does: 3.6.23, 4.1.0.2.`;
  throw new CommandFailure(EXIT.usage, message);
}

/** Ends the command where a text is no version of a library. */
export function requireVersion(text: string, library: string, example: string): void {
  if (/^\d+(\.\d+)+([a-z]{0,2}|[-+~].*)$/.test(text)) return;
  throw new CommandFailure(EXIT.usage, `"${text}" is not a version of ${library}. Write it as ${example}.`);
}

/** ` Did you mean a, b or c?`, or nothing where nothing is near. */
export function didYouMean(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined) return '';
  const last = others.pop();
  return ` Did you mean ${[first, ...others].join(', ')}${last === undefined ? '' : ` or ${last}`}?`;
}

/** Ends the command where neither the manual's tables nor the configuration have an option of this name. */
export function requireOption(config: Config, option: string): void {
  const why = unknownOption(config, option);
  if (why !== null) throw new CommandFailure(EXIT.usage, why);
}

/** Why nothing is known of an option; null where the tables have it, or the configuration sets it. */
export function unknownOption(config: Config, option: string): string | null {
  if (optionInfo(option) || settingsNamed(config, option).length > 0) return null;
  return `"${option}" is in no option table of the manual, and nothing sets it.${didYouMean(nearestOptions(option))}`;
}

/** Types whose instances are there without a stanza: anybody's domain, host or address. */
const UNDECLARED = new Set(['domain', 'host', 'peer']);

/**
 * Ends the command at a type of scope that neither the manual nor the configuration has. An instance that no file opens
 * and that looks like one that is opened is a warning: what is in force there is what it falls back to.
 */
export function requireScope(io: Io, config: Config, scope: readonly ScopeStep[]): void {
  for (const [depth, { type, name }] of scope.entries()) {
    const opened = scopesNamed(config, type);
    if (!knownScopes.includes(type) && opened.length === 0) {
      const message = `"${type}" is not a type of scope, and no file opens one.${didYouMean(nearestScopes(type))}`;
      throw new CommandFailure(EXIT.usage, message);
    }
    if (name === null || UNDECLARED.has(type)) continue;
    const names = [...new Set(opened.map(({ path }) => path.at(-1)?.name ?? ''))];
    const near = nearestNames(name, names);
    if (near.length === 0) continue;
    const label = formatScope(scope.slice(0, depth + 1));
    io.err(`warning: no file opens ${label}; what it falls back to is shown.${didYouMean(near)}\n`);
  }
}
