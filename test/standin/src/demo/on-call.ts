import type { OnCallFinding, OnCallPage } from './receiver.js';

/** A page in one line, as a pager would show it. */
export function pageLine({ type, data }: OnCallPage): string {
  if (type === 'target.test') return 'PAGE  test of the webhook: nothing is wrong';
  return `PAGE  ${data.alert.control}  ${data.text}`;
}

/** A page as on-call would get it: what, where, what would fix it, and where to look. */
export function pageText(page: OnCallPage): string {
  const { type, data } = page;
  if (type !== 'alert.firing') return pageLine(page);
  const more = data.more > 0 ? [`      and ${data.more} more`] : [];
  return [pageLine(page), ...data.findings.flatMap(findingLines), ...more, `      ${data.alert.url}`].join(
    '\n',
  );
}

function findingLines({ node, summary, violations, remediation }: OnCallFinding): string[] {
  const places = violations.map(
    ({ at, found }) => `        ${at.file ?? 'here'}${at.line === undefined ? '' : `:${at.line}`}  ${found}`,
  );
  return [`      ${node.name}  ${summary}`, ...places, `        fix: ${remediation ?? 'by hand'}`];
}
