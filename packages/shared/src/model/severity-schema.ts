import { type Static, Type } from 'typebox';
import { SEVERITIES } from './severity.js';

// Unsafe names the type: from a mapped list the library derives `never`.
export const Severity = Type.Unsafe<(typeof SEVERITIES)[number]>(
  Type.Union(SEVERITIES.map((s) => Type.Literal(s))),
);
export type Severity = Static<typeof Severity>;
