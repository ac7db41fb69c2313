import type { AlertDetail, AlertLine } from '../../api/types.js';

type Place = Pick<AlertLine, 'isStorm' | 'nodes' | 'node' | 'group'>;

/** Where: `mta1.example.com`, `3 nodes in mta`. The empty word for a storm. */
export function placeOf({ isStorm, nodes, node, group }: Place): string {
  if (isStorm) return '';
  if (node) return node.name;
  return `${nodes.toLocaleString('en')} ${nodes === 1 ? 'node' : 'nodes'} in ${group}`;
}

/** `12 open, 3 acknowledged`; of a storm, of alerts. */
export function countsOf({ open, acknowledged, held }: AlertLine['counts']): string {
  const parts = [
    [open, 'open'],
    [acknowledged, 'acknowledged'],
    [held, 'held back'],
  ] as const;
  const some = parts.filter(([count]) => count > 0);
  return some.length === 0
    ? 'none'
    : some.map(([count, word]) => `${count.toLocaleString('en')} ${word}`).join(', ');
}

export function totalOf({ open, acknowledged, held }: AlertLine['counts']): number {
  return open + acknowledged + held;
}

type Last = AlertDetail['told'][number]['last'];

/** What a target was told last, in plain words. */
export function toldWords(last: Last): string {
  if (last === null) return 'Nothing yet';
  switch (last.state) {
    case 'firing':
      return `It is open: ${last.severity}, ${last.findings.toLocaleString('en')} ${last.findings === 1 ? 'finding' : 'findings'}`;
    case 'acknowledged':
      return 'Somebody has it';
    case 'resolved':
      return 'It is over';
  }
}
