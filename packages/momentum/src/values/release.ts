import { compareVersions } from './version.js';

/** The lines of Momentum that have a manual, a change log or an end-of-life notice. */
export const RELEASE_LINES = [
  ...['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6'],
  ...['4.0', '4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7', '4.8'],
  ...['5.0', '5.1', '5.2', '5.3'],
] as const;

const NEAREST_MAX = 3;

/**
 * The lines that a text was perhaps meant for, where it is no release of Momentum; null where it is one, such as
 * `3.6.23`, `4.1.0.2` or one that is newer than all that are known.
 */
export function notARelease(text: string): readonly string[] | null {
  if (!/^\d{1,2}(\.\d{1,3}){1,3}$/.test(text)) return nearestLines(text);
  const line = lineOf(text);
  const newest = RELEASE_LINES[RELEASE_LINES.length - 1] ?? line;
  const isKnown = (RELEASE_LINES as readonly string[]).includes(line) || compareVersions(line, newest) > 0;
  return isKnown ? null : nearestLines(text);
}

function lineOf(release: string): string {
  return release.split('.').slice(0, 2).join('.');
}

function nearestLines(text: string): readonly string[] {
  const [major = Number.NaN, minor = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return RELEASE_LINES.map((line) => {
    const [ownMajor = 0, ownMinor = 0] = line.split('.').map(Number);
    return { line, distance: Math.abs(ownMajor - major) * 100 + Math.abs(ownMinor - minor) };
  })
    .filter(({ distance }) => distance < 100)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAREST_MAX)
    .map(({ line }) => line);
}
