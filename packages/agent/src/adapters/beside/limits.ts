import type { FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';

/** By the word of the far program: what a change cannot promise where the word is missing. */
export const LIMITS = {
  handles:
    'this Perl (before 5.8.8) changes owner and mode by name only: what stands in a folder that others may write in is not changed',
  folders:
    'the system does not write a folder to its disk (fsync): after a loss of power a rename may be undone',
  attributes:
    'access lists and other attributes cannot be kept: a file that has a list is not replaced, and none is taken off a new folder',
} as const;

/** What the node cannot promise, a line each; none: it promises all. */
export async function readLimits(session: FarSession): Promise<readonly string[]> {
  const answer = await session.request('C', ['limits'], FAR_MS_MAX);
  if (answer.kind === 'refused' || !answer.end[0]) throw notWhatWasAsked();
  const kept = new Set(answer.end[0].toString('latin1').split(' '));
  return Object.entries(LIMITS).flatMap(([word, lost]) => (kept.has(word) ? [] : [lost]));
}
