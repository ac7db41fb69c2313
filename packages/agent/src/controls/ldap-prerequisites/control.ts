import { datasourceUris } from '@castellan/momentum';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../kit/control.js';
import { manual3 } from '../../kit/sources.js';
import { countOf } from '../../kit/wording.js';

export default defineControl({
  id: 'MOM-LDAP-001',
  slug: 'ldap-prerequisites',
  title: 'Active Directory over ldaps only',
  severity: 'high',
  subject: 'ldap',
  reads: ['momentumConfig', 'ldapClient'],
  sources: [manual3('conf.ldaps'), manual3('modules.ds_core')],
  remediation: null,
  params: {},

  evaluate({ facts: { momentumConfig, ldapClient } }) {
    const uris = momentumConfig.configs
      .flatMap(({ config }) => datasourceUris(config))
      .filter(({ uri }) => /ldaps?:/i.test(uri));
    if (uris.length === 0) {
      const [unread] = momentumConfig.unread;
      return unread
        ? indeterminate(`No LDAP was seen, but ${unread.path} could not be read and may hold it.`)
        : notApplicable('No data source speaks LDAP.');
    }
    const violation =
      (proposed: string) =>
      ({ at, uri }: (typeof uris)[number]): Violation => ({ at, found: uri, proposed });
    const clear = uris.filter(({ uri }) => /(^|[^a-z])ldap:\/\//i.test(uri));
    if (clear.length > 0)
      return fail(
        `${countOf(clear.length, 'data source sends', 'data sources send')} passwords over plain LDAP`,
        clear.map(violation('ldaps:// with x-ldap-version=3')),
      );
    const old = uris.filter(({ uri }) => !/x-ldap-version=3/i.test(uri));
    if (old.length > 0)
      return fail(
        'ldaps without x-ldap-version=3',
        old.map(violation('x-ldap-version=3 in it: ldaps needs it')),
        'low',
      );
    if (ldapClient.state !== 'parsed')
      return indeterminate(
        `${ldapClient.path} is ${ldapClient.state}: whether the server's certificate is checked is not known.`,
      );
    return pass(`${countOf(uris.length, 'data source speaks', 'data sources speak')} ldaps.`);
  },
});
