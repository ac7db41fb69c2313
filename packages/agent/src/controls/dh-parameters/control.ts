import type { Severity } from '@castellan/shared/model/severity';
import { defineControl, fail, indeterminate, type Outcome, pass } from '../../kit/control.js';
import type { Facts } from '../../kit/fact.js';
import { manual3 } from '../../kit/sources.js';

type File = NonNullable<Facts['dhParameters']['file']>;

export default defineControl({
  id: 'MOM-TLS-007',
  slug: 'dh-parameters',
  title: 'DH parameters strong and readable',
  severity: 'medium',
  subject: 'dh-parameters',
  reads: ['dhParameters'],
  sources: [manual3('conf.ref.tls_dhparams_file'), { cite: 'CVE-2015-4000' }, { cite: 'RFC 7919' }],
  remediation: null,
  params: {
    bitsMin: { default: 2048, unit: 'bits', text: 'fewer bits than this fail' },
    mustBeSet: { default: false, text: 'built-in parameters, whose size nobody knows, fail' },
  },

  evaluate({ facts, params }) {
    const { file } = facts.dhParameters;
    if (file) return judge(file, params.bitsMin);
    if (!params.mustBeSet)
      return pass('No file is named: Momentum uses built-in parameters. Their size is documented nowhere.');
    return fail(
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
  },
});

function judge(file: File, bitsMin: number): Outcome {
  const { path, bits } = file;
  const bad = (found: string, severity?: Severity) =>
    fail(
      `The DH parameters in ${path}: ${found}`,
      [
        {
          at: file.at,
          found: `${path}: ${found}`,
          proposed: 'parameters of 2048 bits or more, readable to ecuser',
        },
      ],
      severity,
    );
  if (file.state === 'denied') return indeterminate(`${path} could not be read. Run as root.`);
  if (file.state !== 'parsed' || bits === null) return bad(file.detail, 'high');
  if (bits < 1024) return bad(`${bits} bits can be broken by anybody (Logjam)`, 'critical');
  if (bits < bitsMin) return bad(`${bits} bits are too few`);
  if (file.isPrime === false) return bad('the modulus is not a prime number', 'critical');
  if (file.serviceCanRead === false) return bad('ecuser cannot read the file');
  if (file.isPrime === null || file.serviceCanRead === null)
    return indeterminate(`${path} has ${bits} bits; not all about it could be looked at.`);
  return pass(`The DH parameters in ${path} have ${bits} bits.`);
}
