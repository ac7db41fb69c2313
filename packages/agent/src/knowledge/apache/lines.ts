/** One line as Apache takes it: what a backslash joined, without the blanks around. */
export interface ConfigLine {
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
  /** Apache 2.2 and 2.4 do not agree where it ends. */
  readonly isDisputed: boolean;
}

/**
 * A line that ends in a backslash goes on with the next one, comments too. Two backslashes at the end are an escaped
 * one in 2.2, and go on in 2.4. Blank lines and comments are left out.
 */
export function configLines(text: string): ConfigLine[] {
  const found: ConfigLine[] = [];
  // Joined once at its end: a text that grows by each of a million lines would be copied a million times.
  let parts: string[] = [];
  let begun = 1;
  let isDisputed = false;
  const end = () => {
    const whole = parts.join('').trim();
    if (whole !== '' && !whole.startsWith('#')) found.push({ text: whole, line: begun, isDisputed });
    parts = [];
    isDisputed = false;
  };
  for (const [index, raw] of text.split('\n').entries()) {
    const part = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (parts.length === 0) begun = index + 1;
    const goesOn = part.endsWith('\\');
    if (part.endsWith('\\\\')) isDisputed = true;
    parts.push(goesOn ? part.slice(0, -1) : part);
    if (!goesOn) end();
  }
  if (parts.length > 0) end();
  return found;
}

/** The next argument, and what stands behind it. `\\` is a backslash, and the quote can be escaped inside of quotes. */
export function nextWord(text: string, from = 0): { readonly word: string; readonly next: number } {
  let at = afterBlanks(text, from);
  const quote = text[at] === '"' || text[at] === "'" ? text[at] : null;
  if (quote !== null) at += 1;
  const parts: string[] = [];
  let start = at;
  while (at < text.length && (quote === null ? !isBlank(text[at]) : text[at] !== quote)) {
    const follows = text[at + 1];
    if (text[at] === '\\' && (follows === '\\' || (quote !== null && follows === quote))) {
      parts.push(text.slice(start, at));
      start = at + 1;
      at += 2;
    } else at += 1;
  }
  parts.push(text.slice(start, at));
  if (quote !== null && text[at] === quote) at += 1;
  return { word: parts.join(''), next: afterBlanks(text, at) };
}

export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (let at = afterBlanks(text, 0); at < text.length; ) {
    const { word, next } = nextWord(text, at);
    found.push(word);
    at = next;
  }
  return found;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text[at])) at += 1;
  return at;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\v' || char === '\f' || char === '\n';
}
