import { type Static, Type } from 'typebox';
import { EPOCH_S_MAX, EPOCH_S_MIN, RawText, Text, Whole } from '../model/bounds.js';
import { Digest, Id } from '../model/ids.js';
import { SERVICE_DAYS_MAX } from '../model/plan.js';

/** How this server signs certificates of services now. `why`: why it does not, for a person. */
export const ServiceSigning = Type.Union([
  Type.Object({
    /** The authority's root, PEM. */
    authority: Text(16_384, 1),
    /** No certificate is valid for longer. */
    daysMax: Whole(1, SERVICE_DAYS_MAX),
  }),
  Type.Object({ why: Text(1024, 1) }),
]);
export type ServiceSigning = Static<typeof ServiceSigning>;

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
  /** Seconds since 1970. From issue to end there are at most COMMAND_LIFE_S_MAX: the node counts. */
  iat: Whole(EPOCH_S_MIN, EPOCH_S_MAX),
  exp: Whole(EPOCH_S_MIN, EPOCH_S_MAX),
  remediation: Type.String({ maxLength: 64, pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  params: Type.Record(Text(64), RawText(16_384), {
    maxProperties: 32,
  }),
  /** Left out by a server that knows of no such certificates. */
  services: Type.Optional(ServiceSigning),
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
