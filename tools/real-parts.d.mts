/** A path, or a name on PATH or in a folder of system programs. */
export function isPresent(program: string): boolean;
export function provideRealParts(options: { readonly required: boolean }): boolean;
