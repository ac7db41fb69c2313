import { type Static, Type } from 'typebox';
import { COUNT_MAX, ListOf, RawText, Text, Whole } from './bounds.js';
import { Severity } from './severity-schema.js';

export const STATUSES = ['pass', 'fail', 'not-applicable', 'indeterminate', 'errored'] as const;
// Unsafe names the type: from a mapped list the library derives `never`.
export const Status = Type.Unsafe<(typeof STATUSES)[number]>(
  Type.Union(STATUSES.map((s) => Type.Literal(s))),
);
export type Status = (typeof STATUSES)[number];

/** Of several answers the one that counts: a certain failure outranks a doubt, and a doubt what is fine. */
export const WORST_FIRST: readonly Status[] = ['fail', 'errored', 'indeterminate', 'pass', 'not-applicable'];

/** 0 is the worst. */
export function rankOf({ status }: { readonly status: Status }): number {
  return WORST_FIRST.indexOf(status);
}

/** Where a violation stands. `file` is the path inside the node's tree; `line` counts from 1. */
export const Place = Type.Object({
  file: Type.Optional(RawText(4096)),
  line: Type.Optional(Whole(1, COUNT_MAX)),
  scope: Type.Optional(RawText(1024)),
  /** What is meant when it is neither a file nor a scope: `process 123`, `port 5432`. */
  object: Type.Optional(RawText(1024)),
});
export type Place = Static<typeof Place>;

/** One place that fails. `found` and `proposed` are masked: they never hold a secret's value. */
export const Violation = Type.Object({
  at: Place,
  found: RawText(4096),
  proposed: Type.Optional(RawText(4096)),
});
export type Violation = Static<typeof Violation>;

export const ControlId = Type.String({ maxLength: 16, pattern: '^[A-Z]{3}-[A-Z]{2,5}-\\d{3}$' });
export type ControlId = Static<typeof ControlId>;

/** The most parameters that a verdict carries. */
export const PARAMS_MAX = 16;

/** The most violations that a verdict carries; `moreViolations` counts the rest. */
export const VIOLATIONS_MAX = 100;

/** Far beyond any certificate's dates, and exact as a number: the years 1 to 9999, in ms since 1970. */
export const CERTIFICATE_MS_MIN = -62_135_596_800_000;
export const CERTIFICATE_MS_MAX = 253_402_300_799_000;

/** A certificate that was read, whatever the verdict says of it: fleets are listed by the ends of these. */
export const SeenCertificate = Type.Object({
  path: RawText(4096),
  subject: Text(512),
  issuer: Text(512),
  serial: Text(64),
  /** SHA-256 of the certificate (DER), lower-case hex. */
  fingerprint: Type.String({ maxLength: 64, pattern: '^[0-9a-f]{64}$' }),
  /**
   * SHA-256 of the public key (SPKI, DER), lower-case hex: said only where the private key was seen beside it. Whoever has
   * the same has the same private key.
   */
  keySha256: Type.Optional(Type.String({ maxLength: 64, pattern: '^[0-9a-f]{64}$' })),
  notBeforeMs: Whole(CERTIFICATE_MS_MIN, CERTIFICATE_MS_MAX),
  notAfterMs: Whole(CERTIFICATE_MS_MIN, CERTIFICATE_MS_MAX),
});
export type SeenCertificate = Static<typeof SeenCertificate>;

/** The most certificates that a verdict names: those that end first. */
export const CERTIFICATES_MAX = 16;

/** What one control says at one moment. Identified by (control, subject); the subject never holds a time, line or count. */
export const Verdict = Type.Object({
  control: ControlId,
  title: Text(256),
  severity: Severity,
  status: Status,
  subject: Text(512, 1),
  summary: Text(1024),
  violations: ListOf(Violation, VIOLATIONS_MAX),
  moreViolations: Type.Optional(Whole(1, COUNT_MAX)),
  /** Why the answer is not `pass` or `fail`; null otherwise. */
  reason: Type.Union([Text(2048), Type.Null()]),
  /** The slug of the remediation that would help, or null. */
  remediation: Type.Union([Text(64), Type.Null()]),
  /** What the remediation is to be asked with for this subject, so that its printed command runs as it stands. */
  params: Type.Optional(Type.Record(Text(64), Text(4096), { maxProperties: PARAMS_MAX })),
  certificates: Type.Optional(ListOf(SeenCertificate, CERTIFICATES_MAX)),
  sources: ListOf(RawText(512), 16),
});
export type Verdict = Static<typeof Verdict>;

export function verdictKey(verdict: { readonly control: string; readonly subject: string }): string {
  return `${verdict.control}\u0000${verdict.subject}`;
}
