import type { Place } from '@castellan/shared/model/verdict';

export interface PlainAccess {
  /** Lines that let somebody on another host in without TLS. */
  readonly lines: readonly { readonly at: Place; readonly text: string }[];
  /** Why the file could not be read, or null. */
  readonly unread: string | null;
}
