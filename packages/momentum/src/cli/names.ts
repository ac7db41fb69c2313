import { notARelease } from '../values/release.js';
import { EXIT } from './exit-code.js';
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
