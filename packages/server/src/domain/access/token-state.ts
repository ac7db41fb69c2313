/** Whether a node may still join with a token, and if not, why. */
export type TokenState = 'good' | 'revoked' | 'usedUp' | 'expired';

export const TOKEN_STATES = ['good', 'revoked', 'usedUp', 'expired'] as const satisfies readonly TokenState[];

/** What a person did comes first: a token that was revoked is told as revoked for good. */
export function tokenState(
  token: { readonly revokedAt: number | null; readonly usesLeft: number; readonly expiresAt: number },
  now: number,
): TokenState {
  if (token.revokedAt !== null) return 'revoked';
  if (token.usesLeft < 1) return 'usedUp';
  return token.expiresAt <= now ? 'expired' : 'good';
}
