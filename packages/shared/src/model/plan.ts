import { type Static, Type } from 'typebox';
import { digestOf, type Json } from '../base/canonical-json.js';
import { Digest } from './ids.js';

/** Owner, group and mode as numbers; `mode` holds the permission bits (0o7777). */
export const Access = Type.Object({
  uid: Type.Integer({ minimum: 0 }),
  gid: Type.Integer({ minimum: 0 }),
  mode: Type.Integer({ minimum: 0, maximum: 0o7777 }),
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
  target: Type.String({ maxLength: 4096 }),
  /** One line a person understands. */
  summary: Type.String({ maxLength: 1024 }),
  before: Type.Union([Type.String({ maxLength: 256 }), Type.Null()]),
  after: Type.Union([Type.String({ maxLength: 256 }), Type.Null()]),
  diff: Type.Optional(Type.String({ maxLength: 200_000 })),
});
export type PlannedChange = Static<typeof PlannedChange>;

/** What a remediation would do on one node: read only, and the same for the same node (no time, no random part). */
export const Plan = Type.Object({
  schema: Type.Literal('castellan.plan/1'),
  remediation: Type.String({ maxLength: 64 }),
  title: Type.String({ maxLength: 256 }),
  fixes: Type.Array(Type.String({ maxLength: 32 })),
  /** Parameters as given; of a secret only that it was given: `{"given":true}`. */
  params: Type.Record(Type.String(), Type.Unknown()),
  changes: Type.Array(PlannedChange, { maxItems: 2000 }),
  /** What happens to running services: reload, restart, nothing. One line each. */
  effects: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 64 }),
  /** What could go wrong for mail or people, in a line. */
  risk: Type.String({ maxLength: 1024 }),
  /** How it will be known that it worked: one line each. */
  verification: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 64 }),
  /** What was noticed and will be left alone. */
  notes: Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 64 }),
  digest: Digest,
});
export type Plan = Static<typeof Plan>;

/** The digest that an approval names: over everything in the plan but the digest itself. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return digestOf(plan as unknown as Json);
}
