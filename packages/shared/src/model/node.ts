import { type Static, Type } from 'typebox';
import { ListOf, Text, Whole } from './bounds.js';

/** A node beside is asked what changed at least so often. */
export const BESIDE_INTERVAL_S_MAX = 240;

export const ROLES = ['mta', 'manager', 'database', 'web', 'singlenode', 'platform', 'analytics'] as const;
export const Role = Type.Union(ROLES.map((r) => Type.Literal(r)));
export type Role = (typeof ROLES)[number];

/** A node that is inspected from another host: by which login, `[user@]host`, and how often it is asked what changed. */
const Beside = Type.Object({
  through: Text(300),
  /** Absent: it was inspected once. */
  intervalS: Type.Optional(Whole(1, BESIDE_INTERVAL_S_MAX)),
});

/** What an agent says of its node: in `check --format json` as `node`, and in hello. */
export const NodeDescription = Type.Object({
  name: Text(253),
  roles: ListOf(Text(32), 16),
  os: Text(256),
  momentum: Type.Object({
    version: Type.Union([Text(64), Type.Null()]),
    /** How the version is known: `console`, `package`, `assumed` or `unknown`. */
    from: Text(32),
  }),
  tls: Type.Object({
    library: Type.Union([Text(32), Type.Null()]),
    version: Type.Union([Text(64), Type.Null()]),
  }),
  /** The agent is not on the node. */
  beside: Type.Optional(Beside),
});
export type NodeDescription = Static<typeof NodeDescription>;
