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

/** ` Did you mean a, b or c?`, or nothing where nothing is near. */
export function didYouMean(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined) return '';
  const last = others.pop();
  return ` Did you mean ${[first, ...others].join(', ')}${last === undefined ? '' : ` or ${last}`}?`;
}
