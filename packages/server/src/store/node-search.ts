import type { SearchSource } from './search/source.js';

const described = (name: string) =>
  `coalesce(case when json_valid(nodes.description_json) then json_extract(nodes.description_json, '$.${name}') end, '')`;

/** What nodes are searched by. */
export const NODES_SEARCHED: SearchSource = {
  text: 'nodes.searched',
  isPlain: true,
  fields: {
    name: { kind: 'words', sql: 'nodes.name' },
    group: { kind: 'words', sql: 'nodes.group_name' },
    agent: { kind: 'words', sql: 'nodes.agent' },
    momentum: { kind: 'words', sql: 'nodes.momentum' },
    os: { kind: 'words', sql: described('os') },
    role: { kind: 'words', sql: described('roles') },
    worst: { kind: 'value', sql: 'nodes.worst' },
    seen: { kind: 'time', sql: 'nodes.seen_at' },
    ends: { kind: 'time', sql: 'nodes.certificate_not_after' },
  },
};
