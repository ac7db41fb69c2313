import { type Static, Type } from 'typebox';
import { Digest, Id } from '../model/ids.js';

/**
 * What a command says, inside its signature. `params` are the remediation's parameters; a secret one is a compact JWE
 * (ECDH-ES+A256KW, A256GCM) to the public key of the node's client certificate, so that only the node can open it.
 */
const common = {
  /** The server's id. */
  iss: Id,
  /** The node's id: a command is for one node. */
  aud: Id,
  /** The command's id; a node carries out an id once. */
  jti: Id,
  /** Seconds since 1970. */
  iat: Type.Integer(),
  exp: Type.Integer(),
  remediation: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  params: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 16_384 }), {
    maxProperties: 32,
  }),
};

export const PlanCommand = Type.Object({ kind: Type.Literal('plan'), ...common });
export const ApplyCommand = Type.Object({
  kind: Type.Literal('apply'),
  ...common,
  runId: Id,
  planDigest: Digest,
});
export const CommandPayload = Type.Union([PlanCommand, ApplyCommand]);

export type PlanCommand = Static<typeof PlanCommand>;
export type ApplyCommand = Static<typeof ApplyCommand>;
export type CommandPayload = Static<typeof CommandPayload>;
