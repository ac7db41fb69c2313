import { groupRowId, groupRowName } from '../domain/fleet/group-row.js';

/** No host has a blank in its name: it is nobody else's. */
const SERVER_NAME = 'Castellan server';

/** The row of `nodes` that the server's findings about itself belong to. */
export function serverRow(id: string, at: number) {
  return ownRow({ id, name: SERVER_NAME, group_name: '', enrolled_at: at });
}

/** The row of `nodes` that the findings about a group as a whole belong to. */
export function groupRow(group: string, at: number) {
  const id = groupRowId(group);
  return ownRow({ id, name: groupRowName(group), group_name: group, enrolled_at: at });
}

function ownRow(row: {
  readonly id: string;
  readonly name: string;
  readonly group_name: string;
  readonly enrolled_at: number;
}) {
  const noKey = JSON.stringify({ kty: '', crv: '', x: '', y: '' });
  const nothing = { certificate_serial: '', certificate_not_after: 0, public_jwk_json: noKey };
  return { ...row, ...nothing, is_server: 1 };
}
