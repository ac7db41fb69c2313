import type { Facts } from '../../facts/facts.generated.js';
import { ldapUse } from '../../knowledge/momentum/ldap-use.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Client = Facts['ldapClient'];

const KEY = 'TLS_REQCERT';

export default defineControl({
  id: 'MOM-LDAP-002',
  slug: 'ldap-certificate-check',
  title: 'TLS_REQCERT strict',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'ldap client',
  reads: ['momentumConfig', 'ldapClient'],
  sources: [
    manual3('conf.ldaps'),
    { cite: 'ldap.conf(5)', url: 'https://www.openldap.org/software/man.cgi?query=ldap.conf' },
  ],
  remediation: 'ldap-strict',
  params: {},

  evaluate({ facts: { momentumConfig, ldapClient } }) {
    const use = ldapUse(momentumConfig);
    if (use.at === null)
      return use.doubt === null
        ? notApplicable('No setting of the configuration names a directory.')
        : indeterminate(`No directory was seen, but ${use.doubt}.`);
    return [judgement(ldapClient.path, judge(ldapClient))];
  },
});

function judge({ state, path, settings }: Client): Outcome {
  if (state === 'missing')
    return fail(
      `There is no ${path}: no authority is named that the directory's certificate could be checked by.`,
      [{ at: { file: path }, found: 'there is no such file', proposed: `${KEY} demand, and TLS_CACERT` }],
      'low',
    );
  if (state !== 'parsed') return indeterminate(`${path} could not be read (${state}). Run as root.`);
  const set = settings.findLast(({ key }) => key === KEY);
  const value = set?.value.trim().toLowerCase() ?? 'demand';
  const violation = (proposed: string) => [
    {
      at: { file: path, ...(set ? { line: set.line } : {}) },
      found: `${KEY} ${value.slice(0, 40)}`,
      proposed,
    },
  ];
  switch (value) {
    case 'demand':
    case 'hard':
      return pass(set ? `${KEY} is ${value}.` : `${KEY} is not set, and the library's default is demand.`);
    case 'never':
    case 'allow':
      return fail(
        'Anybody on the way can pose as the directory: its certificate is not checked.',
        violation(`${KEY} demand`),
      );
    case 'try':
      return fail(
        'A directory that shows no certificate is taken all the same.',
        violation(`${KEY} demand`),
        'low',
      );
    default:
      return indeterminate(
        `${path} sets ${KEY} to a word that ldap.conf(5) does not know.`,
        violation(`${KEY} demand`),
      );
  }
}
