import { isSkewed } from '@castellan/shared/model/clock-skew';

/** For people; `skewMs` is the node's clock less the server's. */
export function clockSummary(skewMs: number): string {
  if (!isSkewed(skewMs)) return 'The clock of this node and that of the server agree.';
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const span =
    seconds < 7_200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3_600)} hours`;
  return `The clock of this node is ${span} ${skewMs > 0 ? 'ahead of' : 'behind'} the server's. If many nodes say so, the server's is wrong.`;
}
