import { type Static, Type } from 'typebox';
import { ListOf, SEQ_MAX, Text, Whole } from '../model/bounds.js';
import { Fingerprint, Id } from '../model/ids.js';

/** Authorities that are trusted at once: while one takes the place of another there are two. */
export const AUTHORITIES_MAX = 4;

/** Authorities by their fingerprints, in no particular order. */
export const TrustedAuthorities = ListOf(Fingerprint, AUTHORITIES_MAX);

/**
 * What a node is to trust its server by, inside its signature. The node keeps it when it is of its server, for it, not
 * older than what it has, and names one at least that it trusts already: trust moves by overlap only.
 */
export const TrustPayload = Type.Object({
  kind: Type.Literal('trust'),
  /** The server's id. */
  iss: Id,
  /** The node's id. */
  aud: Id,
  /** When the server's set last changed, milliseconds since 1970 by its clock; it only grows. */
  revision: Whole(0, SEQ_MAX),
  /** Roots, PEM, the oldest first; the last one issues what is issued from now on. */
  authorities: ListOf(Text(16_384, 1), AUTHORITIES_MAX),
});
export type TrustPayload = Static<typeof TrustPayload>;
