/** How files are reached. The language itself touches no disk. */
export interface Loader {
  /** `problem` is `missing` where there is no such file; any other word means that there is one, or may be. */
  read(path: string): ReadAnswer;
  /** Names in a folder, or null where the path is not a folder. */
  list(path: string): readonly string[] | null;
}

/** The text of a file, or why there is none: `problem` is one word, `detail` a sentence for a person. */
export type ReadAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string; readonly detail: string };

/** Asks once for each path: what a configuration says is judged on one reading of its files. */
export class RememberingLoader implements Loader {
  readonly #reads = new Map<string, ReadAnswer>();
  readonly #lists = new Map<string, readonly string[] | null>();

  constructor(private readonly loader: Loader) {}

  read(path: string): ReadAnswer {
    const known = this.#reads.get(path);
    if (known) return known;
    const answer = this.loader.read(path);
    this.#reads.set(path, answer);
    return answer;
  }

  list(path: string): readonly string[] | null {
    const known = this.#lists.get(path);
    if (known !== undefined) return known;
    const names = this.loader.list(path);
    this.#lists.set(path, names);
    return names;
  }

  /** The same answers without asking again, some texts replaced. What was never asked for is missing. */
  replay(texts: ReadonlyMap<string, string>): Loader {
    return {
      read: (path) => {
        const text = texts.get(path);
        if (text !== undefined) return { ok: true, text };
        return (
          this.#reads.get(path) ?? { ok: false, problem: 'missing', detail: `${path} was not read before` }
        );
      },
      list: (path) => this.#lists.get(path) ?? null,
    };
  }
}
