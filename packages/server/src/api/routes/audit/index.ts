import { Text } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { Type } from 'typebox';
import { listAudit } from '../../../services/fleet.js';
import { AUDIT_SORTS } from '../../../services/lists.js';
import { mountList } from '../../list.js';
import type { Route } from '../../route.js';
import { oneOf } from '../../shapes.js';

const Outcome = oneOf(['ok', 'refused', 'failed']);
const AuditLine = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  actor: Type.String(),
  action: Type.String(),
  object: Type.String(),
  outcome: Outcome,
  detail: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String(),
});

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/audit',
    may: 'audit.read',
    tag: 'audit',
    summary: 'Who did what, newest first as usual',
    sorts: AUDIT_SORTS,
    filters: {
      actor: Type.Optional(Text(256)),
      action: Type.Optional(Text(64)),
      outcome: Type.Optional(Outcome),
    },
    item: AuditLine,
    read: ({ q, ...filter }, request) => listAudit(ctx, { ...filter, ...(q ? { text: q } : {}) }, request),
    csv: [
      ['seq', ({ seq }) => seq],
      ['at', ({ at }) => at],
      ['actor', ({ actor }) => actor],
      ['action', ({ action }) => action],
      ['object', ({ object }) => object],
      ['outcome', ({ outcome }) => outcome],
      ['detail', ({ detail }) => JSON.stringify(detail)],
      ['hash', ({ hash }) => hash],
    ],
  });
};
export default route;
