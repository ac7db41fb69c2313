import type { Config } from '../files/config.js';
import type { Insertion } from './insert.js';
import { type EditedFile, type EditResult, editedFile } from './result.js';

/** The configuration with the texts of edited files: what Momentum would read after the edit. */
export function reload(config: Config, ...edited: readonly Pick<EditedFile, 'path' | 'after'>[]): Config {
  const texts = new Map(config.files.map((file) => [file.path, file.text]));
  for (const { path, after } of edited) texts.set(path, after);
  return config.withTexts(texts);
}

/** The first way after which nothing is objected to; null where there is no way at all. */
export function firstThatWorks(
  config: Config,
  ways: readonly Insertion[],
  objection: (after: Config) => string | null,
): EditResult | null {
  let why: string | null = null;
  for (const { file, edit } of ways) {
    const edited = editedFile(file, [edit]);
    const after = reload(config, edited);
    if (breaks(config, after)) {
      why ??= `an edit of ${file.path} would make its text invalid`;
      continue;
    }
    const doubt = objection(after);
    if (doubt === null) return { ok: true, files: [edited], unchanged: false };
    why ??= `an edit of ${file.path} would have no certain effect: ${doubt}`;
  }
  return why === null ? null : { ok: false, why };
}

/** Whether the edit brought an error with it; those that were there before are not its own. */
export function breaks(before: Config, after: Config): boolean {
  return errorsOf(after) > errorsOf(before);
}

function errorsOf(config: Config): number {
  return config.diagnostics.filter((d) => d.severity === 'error').length;
}
