/** What holds for certain, or cannot be told from the files. */
export type Truth = 'yes' | 'no' | 'maybe';

/** A text with its variables put in; `doubt` says which of them has no value that is known. */
export interface Resolved {
  readonly text: string;
  readonly doubt: string | null;
}

/** A variable made of variables, and so on, would otherwise grow without end. */
export const RESOLVED_LENGTH_MAX = 65_536;

/** Names and values of `Define`, as far as they are known at a line, and the variables of the environment. */
export class Definitions {
  /** Apache's table knows no case; null: more than one value is possible. */
  readonly #values = new Map<string, string | null>();
  readonly #names = new Map<string, Truth>();

  constructor(private readonly environment: ReadonlyMap<string, string>) {}

  /** `isCertain` false: the line stands where it may be passed over. */
  define(name: string, value: Resolved | null, isCertain: boolean): void {
    const before = this.#names.get(name) ?? 'maybe';
    this.#names.set(name, isCertain ? 'yes' : before === 'yes' ? 'yes' : 'maybe');
    if (value === null) return;
    const key = name.toLowerCase();
    const known = value.doubt === null ? value.text : null;
    this.#values.set(key, isCertain || this.#values.get(key) === known ? known : null);
  }

  undefine(name: string, isCertain: boolean): void {
    const key = name.toLowerCase();
    this.#names.set(name, isCertain ? 'no' : this.#names.get(name) === 'no' ? 'no' : 'maybe');
    if (isCertain) this.#values.delete(key);
    else if (this.#values.has(key)) this.#values.set(key, null);
  }

  /** A name that no file defines may be given with -D when httpd is started. */
  isDefined(name: string): Truth {
    return this.#names.get(name) ?? 'maybe';
  }

  /** `${NAME}` in a text, once: what a value holds is not looked into again. */
  resolve(text: string): Resolved {
    if (!text.includes('${')) return { text, doubt: null };
    const parts: string[] = [];
    let doubt: string | null = null;
    let length = 0;
    let from = 0;
    for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', from)) {
      const end = text.indexOf('}', at + 2);
      if (end < 0) break;
      const name = text.slice(at + 2, end);
      const value = this.#valueOf(name);
      if (value === null) doubt ??= `the value of \${${name.slice(0, 64)}} is in no file that was read`;
      const part = text.slice(from, at) + (value ?? text.slice(at, end + 1));
      length += part.length;
      if (length > RESOLVED_LENGTH_MAX)
        return { text: '', doubt: `with its variables it is longer than ${RESOLVED_LENGTH_MAX} letters` };
      parts.push(part);
      from = end + 1;
    }
    parts.push(text.slice(from));
    return { text: parts.join(''), doubt };
  }

  /** Null: not known. A name with a colon is none of Apache's variables (RewriteMap), and stays as it is. */
  #valueOf(name: string): string | null {
    const own = this.#values.get(name.toLowerCase());
    if (own !== undefined) return own;
    if (name.includes(':')) return `\${${name}}`;
    return this.environment.get(name) ?? null;
  }
}
