/** The n-th text that is put together from pieces of the language; the same for the same seed. */
export function generated(seed: number, n: number): string;
/** The n-th text that is one of `texts` with some damage; the same for the same seed. */
export function damaged(seed: number, n: number, texts: readonly string[]): string;
