import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { CasCode } from '@castellan/shared/errors/table';
import { formatToken, parseToken } from '@castellan/shared/protocol/enrolment';
import { GROUP_WORDS, isGroup } from '../domain/access/groups.js';
import { TOKEN_STATES, type TokenState, tokenState } from '../domain/access/token-state.js';
import type { TokenRecord } from '../store/token.repository.js';
import type { ServerContext } from './context.js';
import { instant } from './instant.js';
import { type Actor, audited, type Unit } from './unit.js';

export { TOKEN_STATES };

/** Why a token that was good once lets nobody in any more. */
const REFUSALS = {
  revoked: 'CAS_TOKEN_REVOKED',
  usedUp: 'CAS_TOKEN_USED',
  expired: 'CAS_TOKEN_EXPIRED',
} as const satisfies Record<Exclude<TokenState, 'good'>, CasCode>;

const OVER_WORDS = { revoked: 'was revoked already', usedUp: 'is used up', expired: 'has expired' } as const;

export const TOKEN_TTL_SECONDS_MAX = 30 * 86_400;
export const TOKEN_USES_MAX = 10_000;

export interface TokenOrder {
  /** The group that new nodes join; of a token for one node it is that node's. */
  readonly group?: string;
  /** The name of a node that is there and may be given a new identity with this token. */
  readonly replace?: string;
  readonly ttlSeconds: number;
  readonly uses: number;
}

export interface NewToken {
  /** Shown once; kept as a hash. */
  readonly token: string;
  readonly id: string;
  readonly expiresAt: number;
}

export async function createToken(
  ctx: ServerContext,
  actor: Actor,
  order: TokenOrder,
): Promise<Result<NewToken>> {
  const { ttlSeconds, uses } = order;
  const id = ctx.random.id('tok').replace('_', '');
  const nodeName = order.replace ?? null;
  const named: Readonly<Record<string, string>> =
    nodeName === null ? { group: order.group ?? '' } : { replace: nodeName };
  return audited(
    ctx,
    { actor, action: 'token.create', object: id, detail: { ...named, ttlSeconds, uses } },
    async (unit) => {
      const group = await groupFor(unit, order);
      if (nodeName !== null && uses !== 1)
        throw casError('CAS_INPUT_INVALID', 'a token that replaces a node is good for one use');
      checkBound('the time to live, in seconds,', ttlSeconds, TOKEN_TTL_SECONDS_MAX);
      checkBound('the number of uses', uses, TOKEN_USES_MAX);
      const secret = Buffer.from(ctx.random.bytes(32)).toString('base64url');
      const expiresAt = unit.now + ttlSeconds * 1000;
      await unit.tx.tokens.add({
        id,
        secretHash: sha256Hex(secret),
        group,
        nodeName,
        usesTotal: uses,
        usesLeft: uses,
        createdAt: unit.now,
        createdBy: actor,
        expiresAt,
      });
      return {
        token: formatToken({ id, secret, authorityFingerprint: ctx.authorities.serving.fingerprint }),
        id,
        expiresAt,
      };
    },
  );
}

async function groupFor(unit: Unit, { group, replace }: TokenOrder): Promise<string> {
  if (replace !== undefined) {
    const node = await unit.tx.nodes.byName(replace);
    if (node?.name !== replace) throw casError('CAS_NOT_FOUND', `there is no node "${replace}"`);
    if (group !== undefined && group !== node.group)
      throw casError('CAS_INPUT_INVALID', `the node "${replace}" is of the group "${node.group}"`);
    if (node.retiredAt !== null)
      throw casError(
        'CAS_CONFLICT',
        `the node "${replace}" was retired: delete it, and it joins as a new one`,
      );
    return node.group;
  }
  if (!isGroup(group)) throw casError('CAS_INPUT_INVALID', GROUP_WORDS);
  return group;
}

function checkBound(what: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw casError('CAS_INPUT_INVALID', `${what} must be from 1 to ${max}`);
}

/** The token that is meant, if a node may join with it. */
export async function checkToken(unit: Unit, text: string): Promise<TokenRecord> {
  const parsed = parseToken(text);
  if (!parsed.ok) throw parsed.error;
  const token = await unit.tx.tokens.get(parsed.value.id);
  const offered = Buffer.from(sha256Hex(parsed.value.secret), 'hex');
  // Whoever does not know the secret learns nothing of the token, not even that it was used.
  if (!token || !timingSafeEqual(offered, Buffer.from(token.secretHash, 'hex')))
    throw casError('CAS_TOKEN_UNKNOWN');
  const state = tokenState(token, unit.now);
  if (state !== 'good') throw casError(REFUSALS[state]);
  return token;
}

/** The newest first, with what has become of each. */
export async function listTokens(ctx: ServerContext) {
  const now = ctx.clock.now();
  return (await ctx.store.read.tokens.list()).map(({ secretHash: _kept, revokedAt, ...token }) => ({
    ...token,
    createdAt: instant(token.createdAt),
    expiresAt: instant(token.expiresAt),
    state: tokenState({ ...token, revokedAt }, now),
  }));
}

/** Nobody joins with it any more; nodes that joined with it stay. */
export async function revokeToken(ctx: ServerContext, actor: Actor, id: string): Promise<Result<void>> {
  return audited(ctx, { actor, action: 'token.revoke', object: id }, async (unit) => {
    const token = await unit.tx.tokens.get(id);
    if (!token) throw casError('CAS_NOT_FOUND', `there is no token "${id}"`);
    const state = tokenState(token, unit.now);
    if (state !== 'good') throw casError('CAS_CONFLICT', `the token ${OVER_WORDS[state]}`);
    await unit.tx.tokens.revoke(id, unit.now);
  });
}
