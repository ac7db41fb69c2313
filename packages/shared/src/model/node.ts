import { type Static, Type } from 'typebox';

export const ROLES = ['mta', 'manager', 'database', 'web', 'singlenode', 'platform', 'analytics'] as const;
export const Role = Type.Union(ROLES.map((r) => Type.Literal(r)));
export type Role = (typeof ROLES)[number];

/** What an agent says of its node: in `check --format json` as `node`, and in hello. */
export const NodeDescription = Type.Object({
  name: Type.String({ maxLength: 253 }),
  roles: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 }),
  os: Type.String({ maxLength: 256 }),
  momentum: Type.Object({
    version: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
    /** How the version is known: `console`, `package`, `assumed` or `unknown`. */
    from: Type.String({ maxLength: 32 }),
  }),
  tls: Type.Object({
    library: Type.Union([Type.String({ maxLength: 32 }), Type.Null()]),
    version: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  }),
});
export type NodeDescription = Static<typeof NodeDescription>;
