import { type Static, Type } from 'typebox';
import type { Branded } from '../base/brand.js';

export type NodeId = Branded<'NodeId'>;
export type FindingId = Branded<'FindingId'>;
export type PlanId = Branded<'PlanId'>;
export type RunId = Branded<'RunId'>;
export type CommandId = Branded<'CommandId'>;

/** Identifiers on the wire: letters, digits, dot, dash and underscore, at most 128. */
export const Id = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9._-]+$' });

/** A node's name as its operator gave it: a host name or anything that is safe as one path segment. */
export const NodeName = Type.String({
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
});

/** `sha256:` and 64 lower-case hexadecimal digits. */
export const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });

/** An instant in UTC: `2026-11-23T09:00:00.000Z`. */
export const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$' });
export type Instant = Static<typeof Instant>;
