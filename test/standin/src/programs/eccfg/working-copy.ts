import type { Change } from '../../running/repository.js';
import type { Login } from '../../running/repository-users.js';

export type PullChoice = 'mine' | 'theirs' | null;

export type PullAnswer =
  | { readonly kind: 'current' }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'failed'; readonly text: string };

export type CommitAnswer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'committed'; readonly revision: number; readonly changes: readonly Change[] }
  | { readonly kind: 'failed'; readonly text: string };

/** What eccfg does, whichever store is behind it. */
export interface WorkingCopy {
  status(): Promise<readonly Change[]>;
  pull(choice: PullChoice): Promise<PullAnswer>;
  /** `addAll` and `deleteAll`: what is new or gone is taken too. */
  commit(
    login: Login,
    options: { readonly message: string; readonly addAll: boolean; readonly deleteAll: boolean },
  ): Promise<CommitAnswer>;
}
