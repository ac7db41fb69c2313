/** A chain of causes is followed no further. */
const CAUSES_MAX = 5;
const TEXT_LENGTH_MAX = 512;
const FRAMES_MAX = 12;

interface Described {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: Described;
}

/**
 * An error as the log may hold it. A database driver's message is the whole statement with its values, so of such an
 * error only what follows the statement is kept; its stack repeats the message, so only the frames are.
 */
export function describeError(cause: unknown, depth = 0): Described | unknown {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause.slice(0, TEXT_LENGTH_MAX) : cause;
  const { code } = cause as NodeJS.ErrnoException;
  const frames = framesOf(cause);
  const below =
    cause.cause === undefined || depth >= CAUSES_MAX ? null : describeError(cause.cause, depth + 1);
  return {
    type: cause.name,
    ...(code === undefined ? {} : { code: String(code) }),
    message: messageOf(cause),
    ...(frames === '' ? {} : { stack: frames }),
    ...(below === null ? {} : { cause: below }),
  };
}

/** The code of SQLite, wherever in the chain; null when the store did not fail. */
export function storeCodeOf(cause: unknown): string | null {
  let error = cause;
  for (let depth = 0; depth < CAUSES_MAX && error instanceof Error; depth += 1) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
    error = error.cause;
  }
  return null;
}

function messageOf(cause: Error): string {
  const text = isOfDriver(cause) ? reasonOf(cause) : cause.message;
  return text.slice(0, TEXT_LENGTH_MAX);
}

/** SQLite's own codes, or the five characters of an SQLSTATE. */
function isOfDriver(cause: Error): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  return /^(SQLITE_\w+|[0-9A-Z]{5})$/.test(String(code)) || / - SQLITE_[A-Z]+: /.test(cause.message);
}

/** `<statement> - SQLITE_CONSTRAINT: UNIQUE constraint failed: nodes.name`: names of columns, no values. */
function reasonOf(cause: Error): string {
  const [reason] = /SQLITE_[A-Z]+: [^\n]*$/.exec(cause.message) ?? [];
  // What follows the last code is SQLite's; a value that imitates one stands before it.
  return reason === undefined ? 'a statement failed' : reason.slice(reason.lastIndexOf('SQLITE_'));
}

function framesOf(cause: Error): string {
  const stack = cause.stack ?? '';
  const from = stack.indexOf(cause.message);
  // A message may hold lines that look like frames: only what stands after it is one.
  if (from === -1) return '';
  const lines = stack
    .slice(from + cause.message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return lines.slice(0, FRAMES_MAX).join('\n');
}
