import { Text, Whole } from '@castellan/shared/model/bounds';
import { Type } from 'typebox';
import { listCertificates } from '../../../services/certificates.js';
import { CERTIFICATE_SORTS } from '../../../services/lists.js';
import { mountList } from '../../list.js';
import type { Route } from '../../route.js';
import { Certificate } from '../../shapes.js';

/** Ten years: what ends later is nobody's work today. */
const WITHIN_DAYS_MAX = 3_650;

const route: Route = async (app, { ctx }) => {
  mountList(app, {
    path: '/certificates',
    may: 'see',
    tag: 'certificates',
    summary: 'All certificates that nodes have, the agents’ own too, the soonest end first as usual',
    sorts: CERTIFICATE_SORTS,
    filters: {
      group: Type.Optional(Text(64)),
      control: Type.Optional(Text(16)),
      node: Type.Optional(Text(128)),
      /** Whole days from now; 0: those that have ended. */
      within: Type.Optional(Whole(0, WITHIN_DAYS_MAX)),
    },
    item: Certificate,
    read: ({ q, within, ...filter }, request) =>
      listCertificates(
        ctx,
        {
          ...filter,
          ...(q === undefined ? {} : { text: q }),
          ...(within === undefined ? {} : { withinDays: within }),
        },
        request,
      ),
    csv: [
      ['not_after', ({ notAfter }) => notAfter],
      ['not_before', ({ notBefore }) => notBefore],
      ['node', ({ node }) => node.name],
      ['group', ({ group }) => group],
      ['path', ({ path }) => path],
      ['subject', ({ subject }) => subject],
      ['issuer', ({ issuer }) => issuer],
      ['serial', ({ serial }) => serial],
      ['fingerprint', ({ fingerprint }) => fingerprint],
      ['control', ({ control }) => control],
      ['severity', ({ severity }) => severity],
      ['finding', ({ findingId }) => findingId],
    ],
  });
};
export default route;
