import type { Verdict } from '@castellan/shared/model/verdict';
import {
  nodeCertificateVerdict,
  type ServerCertificate,
  serverCertificateVerdict,
} from '../domain/certificates.js';
import { ownVerdict } from '../domain/own-controls.js';
import type { NodeGlance } from '../store/node-sweeps.js';
import type { ServerContext } from './context.js';
import { everyNode } from './every-node.js';
import { moveFinding } from './move-finding.js';
import { judgeOwn } from './own-judgements.js';
import { commit } from './unit.js';

/** Opens, worsens and ends the findings about certificates that come near their end: of the nodes, and of the server. */
export async function judgeCertificates(
  ctx: ServerContext,
  own: readonly ServerCertificate[],
): Promise<void> {
  const told = new Map(
    (await ctx.store.read.findings.activeOfControls(['CAS-CRT-001'])).map((one) => [one.nodeId, one]),
  );
  for await (const part of everyNode(ctx))
    for (const node of part) {
      const verdict = verdictOf(ctx, node);
      const known = told.get(node.id);
      // Nearly all pass, and most that fail were told: nothing is written for them.
      if (verdict.status === 'pass' ? !known : known?.summary === verdict.summary) continue;
      await commit(ctx, (unit) => judgeOwn(unit, node.id, [verdict]));
    }
  await judgeServer(ctx, own);
}

function verdictOf(ctx: ServerContext, node: NodeGlance): Verdict {
  if (node.isRevoked)
    return ownVerdict('CAS-CRT-001', { status: 'pass', summary: 'The certificate was revoked.' });
  return nodeCertificateVerdict(node.certificateNotAfter, ctx.clock.now(), ctx.facts.certificates.nodeLifeMs);
}

/** A finding about what is used no more: an authority that was retired. */
function goneVerdict(subject: string) {
  const summary = `The certificate of the ${subject} is used no more.`;
  return ownVerdict('CAS-CRT-002', { status: 'pass', subject, summary });
}

async function judgeServer(ctx: ServerContext, own: readonly ServerCertificate[]): Promise<void> {
  const { serverId } = ctx.facts;
  const told = await ctx.store.read.findings.activeOfControls(['CAS-CRT-002']);
  const isThere = (subject: string) => own.some((one) => one.subject === subject);
  const verdicts = [
    ...own.map((one) => serverCertificateVerdict(one, ctx.clock.now())),
    ...told.filter(({ subject }) => !isThere(subject)).map(({ subject }) => goneVerdict(subject)),
  ];
  const listed = (await ctx.store.read.certificates.own(serverId)).map(({ notAfter }) => notAfter);
  const isListed = listed.join() === own.map(({ notAfter }) => notAfter).join();
  if (isListed && told.length === 0 && verdicts.every(({ status }) => status === 'pass')) return;
  await commit(ctx, async (unit) => {
    await unit.tx.nodes.putServer(serverId, unit.now);
    if (!isListed) await unit.tx.certificates.putOwn(serverId, own);
    for (const verdict of verdicts) await moveFinding(unit, serverId, verdict);
  });
}
