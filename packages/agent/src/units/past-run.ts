import type { Access } from '@castellan/shared/model/plan';
import type { AccessChange, Step } from './step.js';

/** One thing that a run changed, and what is left of how it was. */
export type PastChange =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** SHA-256 of what the run put there, lower-case hex; null: it is not known. */
      readonly madeSha256: string | null;
      /** Owner and mode of before; null: there was no file. */
      readonly access: Access | null;
      /** `gone`: the copy was removed, because it held a secret or because its time was over. */
      readonly old:
        | { readonly kind: 'kept'; readonly content: Uint8Array }
        | { readonly kind: 'none' }
        | { readonly kind: 'gone' };
    }
  | ({ readonly kind: 'access' } & AccessChange);

/** A run that ended well. */
export interface PastRun {
  readonly runId: string;
  /** Of its remediation. */
  readonly slug: string;
  readonly at: string;
  readonly steps: readonly Step[];
  /** In the order in which they were made. */
  readonly changes: readonly PastChange[];
}
