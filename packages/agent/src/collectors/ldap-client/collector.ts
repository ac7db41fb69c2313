import type { LdapClientFact } from '../../facts/ldap-client.js';
import { defineCollector } from '../../units/fact.js';

/** Manual, conf.ldaps. */
const PATH = '/opt/msys/3rdParty/etc/openldap/ldap.conf';

export default defineCollector({
  name: 'ldapClient',
  needs: ['install'],
  title: "The LDAP client's settings: whether it checks the server's certificate",
  timeoutMs: 5_000,
  evidence: 'files',
  collect({ files }): LdapClientFact {
    const content = files.read(PATH, { bytesMax: 1024 * 1024 });
    if (!content.ok) {
      const state =
        content.problem === 'missing' || content.problem === 'denied' ? content.problem : 'failed';
      return { path: PATH, state, settings: [] };
    }
    const settings = content.value
      .toString('utf8')
      .split('\n')
      .flatMap((text, index) => {
        const match = /^([A-Za-z_]+)[ \t]+(\S.*)$/.exec(text.trim());
        return match?.[1] && match[2]
          ? [{ key: match[1].toUpperCase(), value: shownOf(match[1], match[2]), line: index + 1 }]
          : [];
      });
    return { path: PATH, state: 'parsed', settings };
  },
});

/** nss_ldap and pam_ldap keep their password in a file of this form: sites have one file for all. */
function shownOf(key: string, value: string): string {
  return /pw$|passwd|password|secret/i.test(key) ? '********' : value;
}
