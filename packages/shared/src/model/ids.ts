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
export const Digest = Type.String({ maxLength: 71, pattern: '^sha256:[0-9a-f]{64}$' });

const DAY_OF_MONTH =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))';
/** Of the years 2000 to 2199; 2100 is none. */
const LEAP_YEAR = '(?:20(?:[02468][048]|[13579][26])|21(?:0[48]|[2468][048]|[13579][26]))';
const TIME_OF_DAY = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?';

/** An instant in UTC, `2026-11-23T09:00:00.000Z`: a day that the calendar has, from 2000 to 2199. */
export const Instant = Type.String({
  maxLength: 30,
  pattern: `^(?:2[01]\\d\\d-${DAY_OF_MONTH}|${LEAP_YEAR}-02-29)T${TIME_OF_DAY}Z$`,
});
export type Instant = Static<typeof Instant>;

/** SHA-256 of a certificate's DER, lower-case hexadecimal. */
export const Fingerprint = Type.String({ maxLength: 64, pattern: '^[0-9a-f]{64}$' });
