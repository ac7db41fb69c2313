import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Facts } from '../../facts/facts.generated.js';
import { primeServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl, fail, indeterminate, type Outcome, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type File = Facts['dhParameters']['files'][number];

const DAY_MS = 86_400_000;

export default defineControl({
  id: 'MOM-TLS-007',
  slug: 'dh-parameters',
  title: 'DH parameters strong and readable',
  severity: 'medium',
  otherSeverities: ['critical', 'high', 'low'],
  subject: 'dh-parameters',
  reads: ['dhParameters', 'servedTls'],
  sources: [manual3('conf.ref.tls_dhparams_file'), { cite: 'CVE-2015-4000' }, { cite: 'RFC 7919' }],
  remediation: 'dhe-enable',
  otherRemediations: ['config-reload'],
  params: {
    bitsMin: { default: 2048, unit: 'bits', text: 'fewer bits than this fail' },
    ageDaysMax: { default: 0, unit: 'days', text: 'older files fail; 0: of any age' },
    mustBeSet: { default: false, text: 'built-in parameters, whose size nobody knows, fail' },
  },

  evaluate({ facts, params, nowMs }) {
    const { subject } = this;
    const { dhParameters, servedTls } = facts;
    const filePrimes = dhParameters.files.flatMap(({ primeSha256 }) => primeSha256 ?? []);
    return withServed(judgeFiles(dhParameters, params, nowMs), {
      servedTls,
      control: this.id,
      whole: subject,
      subjectOnDisk: subject,
      says: (served) => primeServed(served, params.bitsMin, filePrimes),
    });
  },
});

function judgeFiles(
  { files }: Facts['dhParameters'],
  params: Limits & { readonly mustBeSet: boolean },
  nowMs: number,
): Outcome {
  const faults = files.flatMap((file) => faultOf(file, params, nowMs) ?? []);
  const worst = faults.sort((a, b) => rankOf(a.severity) - rankOf(b.severity))[0];
  if (worst)
    return fail(
      `The DH parameters in ${worst.path}: ${worst.found}`,
      faults.map(({ at, path, found }) => ({
        at,
        found: `${path}: ${found}`,
        proposed: 'fresh parameters of 2048 bits or more, readable to ecuser',
      })),
      worst.severity,
    );
  const doubt = files.map(doubtOf).find((one) => one !== null);
  if (doubt) return indeterminate(doubt);
  if (files.length > 0) return pass(files.map(({ path, bits }) => `${path} has ${bits} bits`).join('; '));
  if (!params.mustBeSet)
    return pass('No file is named: Momentum uses built-in parameters. Their size is documented nowhere.');
  const unset = fail(
    'No DH parameters are named',
    [
      {
        at: { scope: 'Global', object: 'tls_dhparams_file' },
        found: 'not set',
        proposed: 'a file of 2048 bits',
      },
    ],
    'low',
  );
  return { ...unset, params: { parameters: 'ffdhe2048' } };
}

interface Fault {
  readonly path: string;
  readonly at: File['at'];
  readonly found: string;
  readonly severity: Severity;
}

interface Limits {
  readonly bitsMin: number;
  readonly ageDaysMax: number;
}

/** The worst of one file. A number that is no prime is worse than a small one: it may have been made so. */
function faultOf(file: File, { bitsMin, ageDaysMax }: Limits, nowMs: number): Fault | null {
  const { path, at, bits, state } = file;
  const fault = (found: string, severity: Severity): Fault => ({ path, at, found, severity });
  if (state === 'denied') return null;
  if (state !== 'parsed' || bits === null) return fault(file.detail, 'high');
  if (file.isPrime === false) return fault('the modulus is not a prime number', 'critical');
  if (bits < 1024) return fault(`${bits} bits can be broken by anybody (Logjam)`, 'critical');
  if (bits < bitsMin) return fault(`${bits} bits are too few`, 'medium');
  if (file.serviceCanRead === false) return fault('ecuser cannot read the file', 'medium');
  const days = file.mtimeMs === null ? 0 : Math.floor((nowMs - file.mtimeMs) / DAY_MS);
  return ageDaysMax > 0 && days > ageDaysMax ? fault(`made ${days} days ago`, 'low') : null;
}

function doubtOf({ path, state, bits, isPrime, serviceCanRead }: File): string | null {
  if (state === 'denied') return `${path} could not be read. Run as root.`;
  return isPrime === null || serviceCanRead === null
    ? `${path} has ${bits} bits; not all about it could be inspected.`
    : null;
}

function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
