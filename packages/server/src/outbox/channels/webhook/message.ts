import { visibleDeep } from '@castellan/shared/text/visible-text';
import type { AlertType } from '../../../domain/delivery/decide.js';
import type { FindingRecord } from '../../../store/finding.repository.js';

const VIOLATIONS_MAX = 5;
/** Standard Webhooks asks for small bodies; receivers of chat systems refuse larger ones. */
export const BODY_BYTES_MAX = 20_000;
const TEXT_MAX = 1_000;

/** The body of one alert, from the finding as it is now. */
export function alertBody(type: AlertType, finding: FindingRecord, at: number, consoleUrl: string): string {
  const violations = finding.verdict.violations
    .slice(0, VIOLATIONS_MAX)
    .map(({ at: place, found, proposed }) => ({
      at: place,
      found: found.slice(0, TEXT_MAX),
      ...(proposed === undefined ? {} : { proposed: proposed.slice(0, TEXT_MAX) }),
    }));
  const data = {
    findingId: finding.id,
    node: { id: finding.nodeId, name: finding.nodeName },
    control: finding.control,
    title: finding.title,
    severity: finding.severity,
    subject: finding.subject,
    summary: finding.summary,
    violations,
    remediation: finding.remediation,
    openedAt: new Date(finding.openedAt).toISOString(),
    resolvedAt: finding.resolvedAt === null ? null : new Date(finding.resolvedAt).toISOString(),
    acknowledgement: finding.acknowledgement && {
      ...finding.acknowledgement,
      at: new Date(finding.acknowledgement.at).toISOString(),
      until: finding.acknowledgement.until && new Date(finding.acknowledgement.until).toISOString(),
    },
    url: `${consoleUrl}/findings/${finding.id}`,
  };
  const body = (shown: typeof violations) =>
    JSON.stringify({
      type,
      timestamp: new Date(at).toISOString(),
      // Chat systems show these texts as they are: what would hide in them is made visible.
      data: visibleDeep({ ...data, violations: shown }),
    });
  const whole = body(violations);
  // Paths may be long: the page matters more than its fifth example.
  return Buffer.byteLength(whole) < BODY_BYTES_MAX ? whole : body([]);
}

export function testBody(targetId: string, at: number): string {
  return JSON.stringify({
    type: 'target.test',
    timestamp: new Date(at).toISOString(),
    data: { targetId, text: 'This is a test of Castellan. Nothing is wrong.' },
  });
}
