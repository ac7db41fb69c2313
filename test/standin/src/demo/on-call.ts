import type { OnCallPage } from './receiver.js';

/** A page in one line, as a pager would show it. */
export function pageLine({ type, data }: OnCallPage): string {
  if (type === 'target.test') return 'PAGE  test of the webhook: nothing is wrong';
  const what = type === 'alert.resolved' ? 'RESOLVED' : data.severity.toUpperCase();
  return `PAGE  ${what.padEnd(8)}  ${data.node.name}  ${data.control}  ${data.summary}`;
}

/** A page as on-call would get it: what, where, what would fix it, and where to look. */
export function pageText(page: OnCallPage): string {
  const { type, data } = page;
  if (type !== 'alert.firing') return pageLine(page);
  const places = data.violations.map(
    ({ at, found }) => `      ${at.file ?? 'here'}${at.line === undefined ? '' : `:${at.line}`}  ${found}`,
  );
  const fix = data.remediation === null ? 'by hand' : data.remediation;
  return [pageLine(page), ...places, `      fix: ${fix}   ${data.url}`].join('\n');
}
