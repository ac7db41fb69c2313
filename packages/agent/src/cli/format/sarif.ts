import type { CheckReport } from '@castellan/shared/model/check-report';
import type { Severity } from '@castellan/shared/model/severity';
import type { Verdict, Violation } from '@castellan/shared/model/verdict';
import { placeText } from './table.js';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};
const KIND = {
  fail: 'fail',
  pass: 'pass',
  'not-applicable': 'notApplicable',
  indeterminate: 'open',
  errored: 'open',
} as const;

/** SARIF 2.1.0. Paths are relative to the node's root (`NODEROOT`), so that they mean the same with --root. */
export function sarifOf(report: CheckReport): string {
  const run = {
    tool: {
      driver: {
        name: 'castellan-agent',
        version: report.agentVersion,
        rules: report.verdicts.map((verdict) => ({
          id: verdict.control,
          shortDescription: { text: verdict.title },
          ...(verdict.sources.length > 0 ? { help: { text: verdict.sources.join('\n') } } : {}),
          defaultConfiguration: { level: LEVEL[verdict.severity] },
        })),
      },
    },
    originalUriBaseIds: { NODEROOT: { uri: 'file:///' } },
    invocations: [{ executionSuccessful: report.summary.errored === 0, endTimeUtc: report.observedAt }],
    results: report.verdicts.flatMap(results),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

/** A failing verdict has a result for each place; every other one result. */
function results(verdict: Verdict, ruleIndex: number): object[] {
  const common = {
    ruleId: verdict.control,
    ruleIndex,
    kind: KIND[verdict.status],
    level: verdict.status === 'fail' ? LEVEL[verdict.severity] : 'none',
  };
  if (verdict.status !== 'fail' || verdict.violations.length === 0)
    return [{ ...common, message: { text: verdict.summary } }];
  return verdict.violations.map((violation) => ({
    ...common,
    message: { text: `${verdict.summary} ${placeText(violation.at)}: ${violation.found}` },
    ...locations(violation),
    partialFingerprints: {
      'castellan/v1': `${verdict.control}:${verdict.subject}:${placeText({ ...violation.at, line: undefined })}`,
    },
  }));
}

function locations({ at }: Violation): object {
  if (at.file === undefined) return {};
  const uri = at.file.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/');
  const region = at.line === undefined ? {} : { region: { startLine: at.line } };
  return {
    locations: [{ physicalLocation: { artifactLocation: { uri, uriBaseId: 'NODEROOT' }, ...region } }],
  };
}
