import { dirname } from 'node:path';
import type { FileReader } from '../../ports/files.js';

/** `isQuoted`: its first character is a quote, which takes a word's special meaning away. */
export interface HbaToken {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A logical line: fields, each a list of tokens. `problem`: what of it was not understood. */
export interface HbaLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly fields: readonly (readonly HbaToken[])[];
  readonly problem: string | null;
}

const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Before 16 PostgreSQL passes over a longer token. */
const TOKEN_MAX = 255;
const LIST_DEPTH_MAX = 10;
const LIST_TOKENS_MAX = 1024;
/** From this release on a backslash at its end continues a line. */
const CONTINUED_SINCE = 14;

/** The lines of a file that say something; a text: why it could not be read. */
export function hbaLines(files: FileReader, path: string, version: number | null): HbaLine[] | string {
  const content = files.read(path, { bytesMax: FILE_BYTES_MAX });
  if (!content.ok) return content.problem;
  return joined(content.value.toString('utf8').split('\n'), version).flatMap(({ text, line, problem }) => {
    const fields = new HbaFields(files, path);
    const found = fields.of(text, 0);
    const shown = text.trim();
    if (found.length === 0 && fields.problem === null && problem === null) return [];
    return [{ file: path, line, text: shown, fields: found, problem: problem ?? fields.problem }];
  });
}

interface Joined {
  readonly text: string;
  readonly line: number;
  readonly problem: string | null;
}

function joined(lines: readonly string[], version: number | null): Joined[] {
  const found: Joined[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let text = (lines[at] ?? '').replace(/\r+$/, '');
    const isContinued = text.endsWith('\\');
    if (isContinued && version === null) {
      found.push({ text, line, problem: 'ends in a backslash, which continues a line since PostgreSQL 14' });
      continue;
    }
    if (isContinued && (version ?? 0) >= CONTINUED_SINCE) {
      const parts: string[] = [];
      for (; text.endsWith('\\'); text = (lines[at] ?? '').replace(/\r+$/, '')) {
        parts.push(text.slice(0, -1));
        at += 1;
      }
      text = [...parts, text].join('');
    }
    found.push({ text, line, problem: text.includes('\0') ? 'holds a NUL byte' : null });
  }
  return found;
}

class HbaFields {
  problem: string | null = null;
  #listed = 0;

  constructor(
    private readonly files: FileReader,
    private readonly file: string,
  ) {}

  of(text: string, depth: number, file = this.file): HbaToken[][] {
    const fields: HbaToken[][] = [];
    const reader = new TokenReader(text);
    for (;;) {
      const field: HbaToken[] = [];
      do {
        const token = reader.next();
        if (token === null) break;
        if (token.text.length >= TOKEN_MAX) this.problem = 'holds a word that is too long';
        if (!token.isQuoted && token.text.length > 1 && token.text.startsWith('@'))
          field.push(...this.#list(token.text.slice(1), depth, file));
        else field.push(token);
      } while (reader.isListOpen);
      if (field.length === 0) return fields;
      fields.push(field);
    }
  }

  /** `@names`: every token of another file, wherever it stands there. */
  #list(name: string, depth: number, from: string): HbaToken[] {
    const path = name.startsWith('/') ? name : `${dirname(from)}/${name}`;
    const content = this.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok || depth >= LIST_DEPTH_MAX) {
      this.problem = `names a list in ${path}, which could not be read (${content.ok ? 'too-many' : content.problem})`;
      return [];
    }
    const found = content.value
      .toString('utf8')
      .split('\n')
      .flatMap((line) => (this.#listed > LIST_TOKENS_MAX ? [] : this.#counted(line, depth + 1, path)));
    if (this.#listed > LIST_TOKENS_MAX) this.problem = `names a list in ${path} of too many words`;
    return found;
  }

  #counted(line: string, depth: number, path: string): HbaToken[] {
    const tokens = this.of(line, depth, path).flat();
    this.#listed += tokens.length;
    return tokens;
  }
}

/** As next_token of hba.c: words between blanks and commas; quotes anywhere, doubled for one of their own. */
class TokenReader {
  /** The token that was read last ends in a comma: the field goes on. */
  isListOpen = false;
  #at = 0;

  constructor(private readonly text: string) {}

  next(): HbaToken | null {
    this.isListOpen = false;
    while (/[ \t\r,]/.test(this.text.charAt(this.#at))) this.#at += 1;
    let text = '';
    let [inQuote, wasQuote, sawQuote, isQuoted] = [false, false, false, false];
    for (; this.#at < this.text.length; this.#at += 1) {
      const c = this.text.charAt(this.#at);
      if (!inQuote && /[ \t\r]/.test(c)) break;
      if (!inQuote && c === '#') {
        this.#at = this.text.length;
        break;
      }
      if (!inQuote && c === ',') {
        this.#at += 1;
        this.isListOpen = true;
        break;
      }
      if (c !== '"' || wasQuote) text += c;
      wasQuote = inQuote && c === '"' ? !wasQuote : false;
      if (c !== '"') continue;
      inQuote = !inQuote;
      sawQuote = true;
      if (text === '') isQuoted = true;
    }
    return sawQuote || text !== '' ? { text, isQuoted } : null;
  }
}
