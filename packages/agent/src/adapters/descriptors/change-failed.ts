/** A change that was refused. `code` is the system's (`EEXIST`, `EACCES`), or why it was not tried; nothing was changed. */
export class FileWriteFailed extends Error {
  override readonly name = 'FileWriteFailed';
  constructor(
    readonly operation: string,
    readonly path: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${operation} ${path}: ${code}`, options);
  }
}
