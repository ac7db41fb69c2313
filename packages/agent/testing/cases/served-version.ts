import type { Status } from '@castellan/shared/model/verdict';
import type { WireVersion } from '../../src/facts/parts/served-tls.js';
import { caseTls } from './config.js';
import { CASE_LISTENER, caseServed, caseWire } from './served.js';

const LISTEN =
  'TLS = "no"\nESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';
const OFF = `TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${LISTEN}`;
const ON = `TLS_Protocols = "+ALL"\n${LISTEN}`;
const UNCLEAR = `TLS_Protocols = "-TLSv1.0"\n${LISTEN}`;
const SUBJECTS = (file: Status, wire?: Status) => ({
  [CASE_LISTENER]: file,
  ...(wire === undefined ? {} : { [`${CASE_LISTENER} served`]: wire }),
});

/** What the files and the wire say of one version that both are to refuse, each with each. */
export function servedVersionCases(version: WireVersion) {
  return [
    {
      name: 'off in the files, still served',
      facts: () => ({ ...caseTls(OFF), ...caseWire(caseServed({}, { [version]: 'offered' })) }),
      expect: {
        status: 'fail',
        violations: 1,
        at: { object: 'port 25' },
        subjects: SUBJECTS('pass', 'fail'),
      },
    },
    {
      name: 'off in the files and on the wire',
      facts: () => ({ ...caseTls(OFF), ...caseWire(caseServed()) }),
      expect: { status: 'pass', subjects: SUBJECTS('pass', 'pass') },
    },
    {
      name: 'on in the files; what the wire refuses makes that no better',
      facts: () => ({ ...caseTls(ON), ...caseWire(caseServed()) }),
      expect: { status: 'fail', subjects: SUBJECTS('fail', 'pass') },
    },
    {
      name: 'on in the files and on the wire: one failure',
      facts: () => ({ ...caseTls(ON), ...caseWire(caseServed({}, { [version]: 'offered' })) }),
      expect: { status: 'fail', subjects: SUBJECTS('fail') },
    },
    {
      name: 'the probe was inconclusive: the files decide',
      facts: () => ({ ...caseTls(OFF), ...caseWire(caseServed({}, { [version]: 'inconclusive' })) }),
      expect: { status: 'pass', subjects: SUBJECTS('pass') },
    },
    {
      name: 'nothing listens now',
      facts: () => ({ ...caseTls(OFF), ...caseWire({ state: 'closed', why: 'nothing listens there' }) }),
      expect: { status: 'pass', subjects: SUBJECTS('pass') },
    },
    {
      name: 'the files do not tell, the wire does',
      facts: () => ({ ...caseTls(UNCLEAR), ...caseWire(caseServed({}, { [version]: 'offered' })) }),
      expect: { status: 'fail', subjects: SUBJECTS('indeterminate', 'fail') },
    },
  ] as const;
}
