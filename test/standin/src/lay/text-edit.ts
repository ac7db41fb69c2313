import { readFileSync, writeFileSync } from 'node:fs';

/** Writing in place keeps owner and mode. Fails when the text is not there exactly once: the tree is not what was thought. */
export function replaceOnce(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8');
  const parts = text.split(before);
  if (parts.length !== 2)
    throw new Error(`${file} holds ${JSON.stringify(before)} ${parts.length - 1} times, not once`);
  writeFileSync(file, parts.join(after));
}
