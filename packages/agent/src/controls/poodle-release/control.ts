import { compareVersions } from '@castellan/momentum';
import { defineControl, fail, indeterminate, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

/** The first release of each line that has TLS_Protocols (Manual, install.security; 4.x, install.security_considerations). */
const FIRST = { 3: '3.6.6', 4: '4.1.0.2' } as const;

export default defineControl({
  id: 'MOM-TLS-004',
  slug: 'poodle-release',
  title: 'Momentum can switch SSLv3 off',
  severity: 'high',
  subject: 'release',
  reads: ['momentumVersion'],
  sources: [manual3('install.security'), { cite: 'CVE-2014-3566' }],
  remediation: null,
  params: {},

  evaluate({ facts: { momentumVersion } }) {
    const { version, detail } = momentumVersion;
    if (version === null) {
      return indeterminate(
        `Which Momentum this is is not known (${detail}). Give --assume-momentum, or run where ec_console answers.`,
      );
    }
    const first = Number.parseInt(version, 10) >= 4 ? FIRST[4] : FIRST[3];
    if (compareVersions(version, first) >= 0)
      return pass(`Momentum ${version} has TLS_Protocols (since ${first}).`);
    return fail(`Momentum ${version} has no TLS_Protocols: SSLv3 cannot be switched off`, [
      { at: { object: `Momentum ${version}` }, found: version, proposed: `${first} or later` },
    ]);
  },
});
