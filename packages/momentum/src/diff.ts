import { createTwoFilesPatch } from 'diff';

/** A unified diff with three lines of context; empty where nothing differs. The caller masks secrets before. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  return createTwoFilesPatch(
    `a${path.startsWith('/') ? '' : '/'}${path}`,
    `b${path.startsWith('/') ? '' : '/'}${path}`,
    before,
    after,
    '',
    '',
    { context: 3 },
  ).replace(/^=+\n/, '');
}
