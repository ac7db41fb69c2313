import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import {
  type EnrolAnswer,
  type EnrolRequest,
  formatToken,
  parseToken,
  proofText,
} from '@castellan/shared/protocol/enrolment';
import { replacedVerdict } from '../domain/node-replaced.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { TokenRecord } from '../store/token.repository.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { checkClock, isSignedBy } from './node-proof.js';
import { type Actor, audited, type Unit } from './unit.js';

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
        token: formatToken({ id, secret, authorityFingerprint: ctx.authority.fingerprint }),
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
    return node.group;
  }
  if (group === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(group))
    throw casError('CAS_INPUT_INVALID', 'a group has letters, digits and . _ -, at most 64');
  return group;
}

function checkBound(what: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw casError('CAS_INPUT_INVALID', `${what} must be from 1 to ${max}`);
}

/**
 * A node joins; or one that is there is given a new key, by proof of the key that it has or by a token made for it. The
 * certificate that it had is then revoked. `address` is where the request came from.
 */
export async function enrolNode(
  ctx: ServerContext,
  request: EnrolRequest,
  address: string,
): Promise<Result<EnrolAnswer>> {
  const parsed = parseToken(request.token);
  const act = {
    actor: 'node:(joining)',
    action: 'node.enrol',
    object: request.name,
    detail: {
      agentVersion: request.agentVersion,
      token: parsed.ok ? parsed.value.id : null,
      address,
      hasProof: request.proof !== undefined,
    },
    isOpen: true,
  };
  const enrolled = await audited(ctx, act, async (unit) => {
    const token = await checkToken(unit, request.token);
    // Before the token is used: a node whose clock is put right may join with it.
    checkClock(unit, request.clock);
    const known = await unit.tx.nodes.byName(request.name);
    if (known && known.name !== request.name)
      throw casError(
        'CAS_NODE_EXISTS',
        `a node "${known.name}" is enrolled already, and names of hosts do not differ by upper and lower case`,
      );
    if (token.nodeName !== null && token.nodeName !== request.name)
      throw casError('CAS_TOKEN_UNKNOWN', `this token is for the node "${token.nodeName}"`);
    if (known) await checkReplacement(unit, known, token, request);
    const nodeId = known?.id ?? ctx.random.id('nod');
    const issued = await ctx.authority.issueNode({
      csrPem: request.csr,
      nodeId,
      name: request.name,
      lifeMs: ctx.facts.certificates.nodeLifeMs,
    });
    if (!issued.ok) throw issued.error;
    if (!(await unit.tx.tokens.use(token.id))) throw casError('CAS_TOKEN_USED');
    if (known) await replaceIdentity(unit, known, token, address);
    const { serial, notAfter, publicJwk, pem } = issued.value;
    await unit.tx.nodes.put({
      id: nodeId,
      name: request.name,
      group: known?.group ?? token.group,
      enrolledAt: unit.now,
      certificateSerial: serial,
      certificateNotAfter: notAfter,
      publicJwk,
      agentVersion: request.agentVersion,
    });
    if (known && token.nodeName !== null)
      await moveFinding(
        unit,
        nodeId,
        replacedVerdict(
          'fail',
          `A new key was enrolled for ${known.name} from ${address} with the token ${token.id}.`,
        ),
      );
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

/** A token that joins new nodes of a group is not authority over those that are there. */
async function checkReplacement(
  unit: Unit,
  known: NodeRecord,
  token: TokenRecord,
  request: EnrolRequest,
): Promise<void> {
  if (token.nodeName === known.name) return;
  const how = `castellan-server token create --replace ${known.name}`;
  if (request.proof === undefined)
    throw casError(
      'CAS_NODE_EXISTS',
      `a node "${known.name}" is enrolled already, and this request is not signed with its key; to replace it, use a token made with "${how}"`,
    );
  if (token.group !== known.group)
    throw casError(
      'CAS_NODE_EXISTS',
      `a node "${known.name}" is there, and of another group than this token; use "${how}"`,
    );
  if (await unit.tx.nodes.isRevoked(known.certificateSerial))
    throw casError(
      'CAS_NODE_EXISTS',
      `the node "${known.name}" was revoked, its key proves nothing; use "${how}"`,
    );
  if (!isProved(known, request, request.proof))
    throw casError(
      'CAS_NODE_EXISTS',
      `the proof is not by the key of the node "${known.name}"; use "${how}"`,
    );
}

function isProved(known: NodeRecord, request: EnrolRequest, proof: string): boolean {
  return isSignedBy(known.publicJwk, proofText(request), proof);
}

async function replaceIdentity(
  unit: Unit,
  known: NodeRecord,
  token: TokenRecord,
  address: string,
): Promise<void> {
  for (const serial of [known.certificateSerial, known.candidateSerial])
    if (serial !== null) await unit.tx.nodes.revoke(serial, known.id, unit.now, 'enrolled again');
  await unit.audit({
    actor: 'node:(joining)',
    action: 'node.replace',
    object: known.id,
    outcome: 'ok',
    detail: { name: known.name, token: token.id, address, by: token.nodeName === null ? 'old key' : 'token' },
  });
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
      for (const serial of [node.certificateSerial, node.candidateSerial])
        if (serial !== null) await unit.tx.nodes.revoke(serial, nodeId, unit.now, reason);
    },
  );
  if (revoked.ok) ctx.links.close(nodeId, 4003, 'revoked');
  return revoked;
}

export async function listTokens(ctx: ServerContext): Promise<TokenRecord[]> {
  return ctx.store.read.tokens.list();
}
