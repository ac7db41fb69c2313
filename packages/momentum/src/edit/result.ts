import type { ConfigFile } from '../files/config.js';
import { applyEdits, type TextEdit } from '../text/edit.js';

/** One file before and after its edits, as texts (UTF-16); `edits` are spans of `before` that do not overlap. */
export interface EditedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly TextEdit[];
}

/** `unchanged`: the configuration says it already. Refused with a reason where an edit would not do what was asked. */
export type EditResult =
  | { readonly ok: true; readonly files: readonly EditedFile[]; readonly unchanged: boolean }
  | { readonly ok: false; readonly why: string };

export function editedFile(file: ConfigFile, edits: readonly TextEdit[]): EditedFile {
  return { path: file.path, before: file.text, after: applyEdits(file.text, edits), edits };
}

export const UNCHANGED: EditResult = { ok: true, files: [], unchanged: true };

export function readOnlyReason(path: string): string {
  return `${path} is read-only for Momentum: it is included by readonly_include, or more than once`;
}
