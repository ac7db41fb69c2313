import { type Static, Type } from 'typebox';
import { digestOf, type Json } from '../base/canonical-json.js';
import { ListOf, RawText, Text, Whole } from './bounds.js';
import { Digest, Fingerprint } from './ids.js';

/** The highest user and group that the kernel has: -1 as 32 bits means none. */
const ID_MAX = 2 ** 32 - 2;

/** Owner, group and mode as numbers; `mode` holds the permission bits (0o7777). */
export const Access = Type.Object({
  uid: Whole(0, ID_MAX),
  gid: Whole(0, ID_MAX),
  mode: Whole(0, 0o7777),
});
export type Access = Static<typeof Access>;

/**
 * One thing that the plan changes, as an approver reads it. `diff` is a unified diff with secrets masked.
 * `before` is a digest of what the plan saw (of the masked text, so it says nothing about a secret), or null if new.
 */
export const PlannedChange = Type.Object({
  kind: Type.Union([
    Type.Literal('file'),
    Type.Literal('access'),
    Type.Literal('certificate'),
    Type.Literal('program'),
    Type.Literal('service'),
  ]),
  /** A path in the node's tree, or the service's or program's name. */
  target: RawText(4096),
  /** One line a person understands. */
  summary: RawText(1024),
  before: Type.Union([RawText(256), Type.Null()]),
  after: Type.Union([RawText(256), Type.Null()]),
  diff: Type.Optional(RawText(200_000)),
});
export type PlannedChange = Static<typeof PlannedChange>;

/** A parameter as the approver sees it: its text, or of a secret only that it was given. */
const ShownParam = Type.Union([RawText(16_384), Type.Boolean(), Type.Object({ given: Type.Boolean() })]);

/** Kinds of keys that a service's certificate may be asked for with. */
export const SERVICE_KEY_TYPES = ['rsa2048', 'rsa3072', 'rsa4096', 'ecdsa-p256', 'ecdsa-p384'] as const;
export type ServiceKeyType = (typeof SERVICE_KEY_TYPES)[number];
/** Names of one certificate. */
export const SIGNED_NAMES_MAX = 64;
/** The longest of them, with its kind. */
export const SIGNED_NAME_LENGTH_MAX = 257;
/** RFC 5280, upper bounds. */
export const COMMON_NAME_LENGTH_MAX = 64;
/** The longest that a certificate of a service is valid: a day less than the 398 after which browsers refuse it. */
export const SERVICE_DAYS_MAX = 397;
/** `DNS:mta1.example.com`, `DNS:*.example.com`, `IP:192.0.2.1`, `IP:2001:db8::1` */
export const SERVICE_NAME_PATTERN =
  '^(DNS:(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*|IP:[0-9A-Fa-f.:]+)$';

/**
 * A certificate that the server is asked to sign while the plan is carried out. What is approved here is all that is
 * signed: the request is compared with it, name by name.
 */
export const PlannedSigning = Type.Object({
  /** The file that it goes into: with the run it names the one signature. */
  target: Text(4096, 1),
  /** SHA-256 of the authority that signs. */
  authority: Fingerprint,
  commonName: Text(COMMON_NAME_LENGTH_MAX, 1),
  altNames: ListOf(
    Type.String({ maxLength: SIGNED_NAME_LENGTH_MAX, pattern: SERVICE_NAME_PATTERN }),
    SIGNED_NAMES_MAX,
  ),
  // Unsafe names the type: from a mapped list the library derives `never`.
  keyType: Type.Unsafe<ServiceKeyType>(Type.Union(SERVICE_KEY_TYPES.map((one) => Type.Literal(one)))),
  days: Whole(1, SERVICE_DAYS_MAX),
});
export type PlannedSigning = Static<typeof PlannedSigning>;

/** What a remediation would do on one node: read only, and the same for the same node (no time, no random part). */
export const Plan = Type.Object({
  schema: Type.Literal('castellan.plan/1'),
  remediation: Text(64),
  title: RawText(256),
  fixes: ListOf(Text(32), 64),
  /** Parameters as given; of a secret only that it was given: `{"given":true}`. */
  params: Type.Record(Text(64), ShownParam, { maxProperties: 32 }),
  changes: ListOf(PlannedChange, 2000),
  /** What happens to running services: reload, restart, nothing. One line each. */
  effects: ListOf(RawText(512), 64),
  /** What could go wrong for mail or people, in a line. */
  risk: RawText(1024),
  /** How it will be known that it worked: one line each. */
  verification: ListOf(RawText(512), 64),
  /** What was noticed and will be left alone. */
  notes: ListOf(RawText(1024), 64),
  /** Left out: the server is asked for no signature. */
  signs: Type.Optional(ListOf(PlannedSigning, 4)),
  digest: Digest,
});
export type Plan = Static<typeof Plan>;

/** The digest that an approval names: over everything in the plan but the digest itself. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return digestOf(plan as unknown as Json);
}
