import type { Access } from '@castellan/shared/model/plan';

/** Whether a service can read a file of its own, as the user it runs as, through every folder above. */
export type FileReach =
  | { readonly kind: 'readable' }
  /** `path` is what stands in the way: the file, or a folder above it. */
  | { readonly kind: 'denied'; readonly path: string; readonly access: Access }
  | { readonly kind: 'unknown'; readonly problem: string };
