import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import {
  type EnrolAnswer,
  type EnrolRequest,
  formatToken,
  parseToken,
} from '@castellan/shared/protocol/enrolment';
import { clockSummary, isSkewed } from '../domain/clock-skew.js';
import type { NodeIdentity } from '../ports/authority.js';
import type { TokenRecord } from '../store/token.repository.js';
import type { ServerContext } from './context.js';
import { sayStranger } from './epoch.js';
import { type Actor, audited, type Unit } from './unit.js';

export const TOKEN_TTL_SECONDS_MAX = 30 * 86_400;
export const TOKEN_USES_MAX = 10_000;

export interface TokenOrder {
  readonly group: string;
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
  const { group, ttlSeconds, uses } = order;
  const id = ctx.random.id('tok').replace('_', '');
  return audited(
    ctx,
    { actor, action: 'token.create', object: id, detail: { group, ttlSeconds, uses } },
    async (unit) => {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(group))
        throw casError('CAS_INPUT_INVALID', 'a group has letters, digits and . _ -, at most 64');
      checkBound('the time to live, in seconds,', ttlSeconds, TOKEN_TTL_SECONDS_MAX);
      checkBound('the number of uses', uses, TOKEN_USES_MAX);
      const secret = Buffer.from(ctx.random.bytes(32)).toString('base64url');
      const expiresAt = unit.now + ttlSeconds * 1000;
      await unit.tx.tokens.add({
        id,
        secretHash: sha256Hex(secret),
        group,
        usesTotal: uses,
        usesLeft: uses,
        createdAt: unit.now,
        createdBy: actor,
        expiresAt,
      });
      return {
        token: formatToken({ id, secret, authorityFingerprint: ctx.authority.fingerprint }),
        id,
        expiresAt,
      };
    },
  );
}

function checkBound(what: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw casError('CAS_INPUT_INVALID', `${what} must be from 1 to ${max}`);
}

/** A node joins, or joins again under its name with a new key: the certificate that it had is then revoked. */
export async function enrolNode(ctx: ServerContext, request: EnrolRequest): Promise<Result<EnrolAnswer>> {
  const act = {
    actor: 'node:(joining)',
    action: 'node.enrol',
    object: request.name,
    detail: { agentVersion: request.agentVersion },
  };
  const enrolled = await audited(ctx, act, async (unit) => {
    const token = await checkToken(unit, request.token);
    checkClock(unit, request);
    const known = await unit.tx.nodes.byName(request.name);
    const nodeId = known?.id ?? ctx.random.id('nod');
    const issued = await ctx.authority.issueNode({ csrPem: request.csr, nodeId, name: request.name });
    if (!issued.ok) throw issued.error;
    if (!(await unit.tx.tokens.use(token.id))) throw casError('CAS_TOKEN_USED');
    if (known) await unit.tx.nodes.revoke(known.certificateSerial, nodeId, unit.now, 'enrolled again');
    const { serial, notAfter, publicJwk, pem } = issued.value;
    await unit.tx.nodes.put({
      id: nodeId,
      name: request.name,
      group: token.group,
      enrolledAt: unit.now,
      certificateSerial: serial,
      certificateNotAfter: notAfter,
      publicJwk,
      agentVersion: request.agentVersion,
    });
    unit.publish({ kind: 'node', data: { id: nodeId, connected: false } });
    return { nodeId, pem, wasKnown: known !== null };
  });
  if (!enrolled.ok) return enrolled;
  const { nodeId, pem, wasKnown } = enrolled.value;
  if (wasKnown) ctx.links.close(nodeId, 4003, 'enrolled again');
  return {
    ok: true,
    value: {
      nodeId,
      serverId: ctx.facts.serverId,
      certificate: pem,
      authority: ctx.authority.rootPem,
      commandKey: ctx.authority.commandKey,
      url: ctx.facts.agentUrl(),
    },
  };
}

async function checkToken(unit: Unit, text: string): Promise<TokenRecord> {
  const parsed = parseToken(text);
  if (!parsed.ok) throw parsed.error;
  const token = await unit.tx.tokens.get(parsed.value.id);
  const offered = Buffer.from(sha256Hex(parsed.value.secret), 'hex');
  // Whoever does not know the secret learns nothing of the token, not even that it was used.
  if (!token || !timingSafeEqual(offered, Buffer.from(token.secretHash, 'hex')))
    throw casError('CAS_TOKEN_UNKNOWN');
  if (token.usesLeft < 1) throw casError('CAS_TOKEN_USED');
  if (token.expiresAt <= unit.now) throw casError('CAS_TOKEN_EXPIRED');
  return token;
}

/** Before the token is used: a node whose clock is put right may join with it. */
function checkClock({ now }: Unit, { clock }: EnrolRequest): void {
  const skewMs = clock === undefined ? 0 : Date.parse(clock) - now;
  if (isSkewed(skewMs)) throw casError('CAS_CLOCK_SKEW', clockSummary(skewMs));
}

export type Authenticated =
  | { readonly ok: true; readonly value: NodeIdentity & { name: string } }
  | { readonly ok: false; readonly error: CasError };

/** Who connects: a certificate of ours, in its time, not revoked, of a node that we know. */
export async function authenticateNode(
  ctx: ServerContext,
  certificateDer: Uint8Array | null,
): Promise<Authenticated> {
  const identified = ctx.authority.identify(certificateDer);
  if (!identified.ok) return identified;
  const { nodes } = ctx.store.read;
  if (await nodes.isRevoked(identified.value.serial))
    return { ok: false, error: casError('CAS_CERT_REVOKED') };
  const node = await nodes.get(identified.value.nodeId);
  if (!node) await sayStranger(ctx, identified.value.nodeId, identified.value.serial);
  if (!node)
    return {
      ok: false,
      error: casError('CAS_CERT_REVOKED', 'this node is no longer known here: enrol it again'),
    };
  return { ok: true, value: { ...identified.value, name: node.name } };
}

export async function revokeNode(
  ctx: ServerContext,
  actor: Actor,
  nodeId: string,
  reason: string,
): Promise<Result<void>> {
  const revoked = await audited(
    ctx,
    { actor, action: 'node.revoke', object: nodeId, detail: { reason } },
    async (unit) => {
      const node = await unit.tx.nodes.get(nodeId);
      if (!node) throw casError('CAS_NOT_FOUND');
      await unit.tx.nodes.revoke(node.certificateSerial, nodeId, unit.now, reason);
    },
  );
  if (revoked.ok) ctx.links.close(nodeId, 4003, 'revoked');
  return revoked;
}

export async function listTokens(ctx: ServerContext): Promise<TokenRecord[]> {
  return ctx.store.read.tokens.list();
}
