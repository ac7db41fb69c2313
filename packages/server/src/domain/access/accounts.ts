import type { RoleName } from './roles.js';

/** The part of a person's account that decides who may still manage the others. */
export interface Account {
  readonly id: string;
  readonly role: RoleName;
  readonly isEnabled: boolean;
}

export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 1024;

/** Whether a change would leave nobody who may manage people: there would be no way back but the command line. */
export function leavesNoAdmin(
  accounts: readonly Account[],
  id: string,
  change: Partial<Pick<Account, 'role' | 'isEnabled'>>,
): boolean {
  const isAdmin = (account: Account) => account.role === 'admin' && account.isEnabled;
  const after = accounts.map((account) => (account.id === id ? { ...account, ...change } : account));
  return accounts.some(isAdmin) && !after.some(isAdmin);
}

/** What is wrong with a new password, in words; null: nothing. */
export function passwordProblem(password: string): string | null {
  const isFit = password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX;
  return isFit ? null : `a password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`;
}
