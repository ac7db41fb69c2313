import type { FileProblem, FileResult } from '../ports/files.js';

const PROBLEM_BY_CODE: Readonly<Record<string, FileProblem>> = {
  ENOENT: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EISDIR: 'directory',
  ENOTDIR: 'not-directory',
  ELOOP: 'loop',
  EFBIG: 'too-large',
};

export function problem<T>(kind: FileProblem, detail: string): FileResult<T> {
  return { ok: false, problem: kind, detail };
}

export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'unknown';
}

/** What the system said, as a problem of the port. `path` is the path inside the tree: the host's is nobody's business. */
export function problemOf<T>(error: unknown, path: string): FileResult<T> {
  return problemOfCode(errorCode(error), path);
}

/** The same, of the system's word: `ENOENT`. */
export function problemOfCode<T>(code: string, path: string): FileResult<T> {
  return problem(PROBLEM_BY_CODE[code] ?? 'failed', `${path}: ${code}`);
}
