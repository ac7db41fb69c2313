import { type Static, Type } from 'typebox';
import { ListOf, Text } from './bounds.js';

export const ROLES = ['mta', 'manager', 'database', 'web', 'singlenode', 'platform', 'analytics'] as const;
export const Role = Type.Union(ROLES.map((r) => Type.Literal(r)));
export type Role = (typeof ROLES)[number];

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
  /** The agent is not on the node: the login by which it is inspected, `[user@]host`. */
  beside: Type.Optional(Text(300)),
});
export type NodeDescription = Static<typeof NodeDescription>;
