import type { Severity } from '@castellan/shared/model/severity';
import type { Verdict } from '@castellan/shared/model/verdict';
import picocolors from 'picocolors';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  status(verdict: Verdict): string;
}

const LABEL = {
  pass: 'PASS',
  'not-applicable': 'N/A',
  indeterminate: 'UNKNOWN',
  errored: 'ERRORED',
} as const;

export function paint(colour: boolean): Paint {
  const c = picocolors.createColors(colour);
  const bySeverity: Record<Severity, (text: string) => string> = {
    critical: (text) => c.bold(c.red(text)),
    high: c.red,
    medium: c.yellow,
    low: c.cyan,
  };
  return {
    bold: c.bold,
    dim: c.dim,
    status: (verdict) => {
      if (verdict.status === 'fail')
        return bySeverity[verdict.severity](verdict.severity.toUpperCase().padEnd(8));
      const label = LABEL[verdict.status].padEnd(8);
      return verdict.status === 'pass'
        ? c.green(label)
        : verdict.status === 'not-applicable'
          ? c.dim(label)
          : c.magenta(label);
    },
  };
}
