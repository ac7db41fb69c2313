import { type Static, Type } from 'typebox';
import { digestOf, type Json } from '../base/canonical-json.js';
import { ListOf, RawText, Text, Whole } from './bounds.js';
import { Digest } from './ids.js';

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
  digest: Digest,
});
export type Plan = Static<typeof Plan>;

/** The digest that an approval names: over everything in the plan but the digest itself. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return digestOf(plan as unknown as Json);
}
