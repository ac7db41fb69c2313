import type { CheckReport } from '@castellan/shared/model/check-report';
import type { Verdict } from '@castellan/shared/model/verdict';
import { placeText } from './table.js';

/** JUnit XML: a test case for each control; what could not be known is an error, never a success. */
export function junitOf(report: CheckReport): string {
  const { summary: s, verdicts } = report;
  const failures = s.critical + s.high + s.medium + s.low;
  const counts = `tests="${verdicts.length}" failures="${failures}" errors="${s.indeterminate + s.errored}" skipped="${s.notApplicable}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="castellan-agent check" ${counts}>`,
    `  <testsuite name="${xml(report.node.name)}" timestamp="${xml(report.observedAt)}" ${counts}>`,
    ...verdicts.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(verdict: Verdict): string {
  const open = `    <testcase classname="${xml(verdict.control)}" name="${xml(verdict.title)}"`;
  const message = `message="${xml(verdict.summary)}"`;
  if (verdict.status === 'pass') return `${open}/>`;
  if (verdict.status === 'not-applicable') return `${open}><skipped ${message}/></testcase>`;
  if (verdict.status !== 'fail') return `${open}><error type="${verdict.status}" ${message}/></testcase>`;
  const places = verdict.violations.map(
    (v) => `${placeText(v.at)}: ${v.found}${v.proposed === undefined ? '' : ` -> ${v.proposed}`}`,
  );
  return `${open}><failure type="${verdict.severity}" ${message}>${xml(places.join('\n'))}</failure></testcase>`;
}

/** Escapes for text and attributes; characters that XML 1.0 cannot hold become U+FFFD. */
function xml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
