/** What a command needs of the process. `read('-')` is standard input. */
export interface Io {
  /** Bytes of a file, or why there are none, in words. */
  read(
    path: string,
  ):
    | { readonly ok: true; readonly bytes: Uint8Array }
    | { readonly ok: false; readonly problem: string; readonly detail: string };
  /** Names in a folder, or null where the path is not a folder. */
  list(path: string): readonly string[] | null;
  /** Replaces a file's content by one rename, with its owner and mode. */
  replace(path: string, bytes: Uint8Array): void;
  out(data: string | Uint8Array): void;
  err(text: string): void;
}

export const STDIN = '-';
