import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import {
  type EnrolAnswer,
  type EnrolRequest,
  parseToken,
  proofText,
} from '@castellan/shared/protocol/enrolment';
import { replacedVerdict } from '../domain/node-replaced.js';
import type { Authority } from '../ports/authority.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { TokenRecord } from '../store/token.repository.js';
import type { Authorities } from './authorities.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { checkClock, isSignedBy } from './node-proof.js';
import { checkToken } from './tokens.js';
import { audited, type Unit } from './unit.js';

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
    if (!known && token.nodeName !== null)
      throw casError('CAS_TOKEN_UNKNOWN', `there is no node "${token.nodeName}" to replace any more`);
    if (known) checkReplacement(known, token, request);
    const nodeId = known?.id ?? ctx.random.id('nod');
    const authority = await authorityOf(unit, request);
    const issued = await authority.issueNode({
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
      certificateAuthority: authority.fingerprint,
      trustedAuthorities: trustsAfter(ctx.authorities, request),
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
    const { serving, bundlePem } = ctx.authorities;
    const authorityPem = request.takesBundle ? bundlePem : serving.rootPem;
    return { nodeId, pem, wasKnown: known !== null, authorityPem };
  });
  if (!enrolled.ok) return enrolled;
  const { nodeId, pem, wasKnown, authorityPem } = enrolled.value;
  if (wasKnown) ctx.links.close(nodeId, 4003, 'enrolled again');
  return {
    ok: true,
    value: {
      nodeId,
      serverId: ctx.facts.serverId,
      certificate: pem,
      authority: authorityPem,
      commandKey: ctx.authorities.commandKey,
      url: ctx.facts.agentUrl(),
    },
  };
}

/** An agent that knows one authority only, joins by the one that its token names. */
async function authorityOf({ ctx, tx }: Unit, { takesBundle }: EnrolRequest): Promise<Authority> {
  await ctx.authorities.refresh(tx);
  return takesBundle ? ctx.authorities.issuing : ctx.authorities.serving;
}

function trustsAfter({ trusted }: Authorities, { takesBundle }: EnrolRequest): readonly string[] | null {
  return takesBundle ? trusted.map(({ fingerprint }) => fingerprint) : null;
}

/** A token that joins new nodes of a group is not authority over those that are there. */
function checkReplacement(known: NodeRecord, token: TokenRecord, request: EnrolRequest): void {
  if (known.retiredAt !== null)
    throw casError(
      'CAS_NODE_EXISTS',
      `the node "${known.name}" was retired and its name is kept for it; "castellan-server node delete ${known.name}" frees it`,
    );
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
  if (known.isRevoked)
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
  await unit.tx.nodes.revokeAll(known, unit.now, 'enrolled again');
  await unit.audit({
    actor: 'node:(joining)',
    action: 'node.replace',
    object: known.id,
    outcome: 'ok',
    detail: { name: known.name, token: token.id, address, by: token.nodeName === null ? 'old key' : 'token' },
  });
}
