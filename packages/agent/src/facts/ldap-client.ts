/** The LDAP client's settings, /opt/msys/3rdParty/etc/openldap/ldap.conf. Of a repeated key the last one counts. */
export interface LdapClientFact {
  readonly path: string;
  readonly state: 'parsed' | 'missing' | 'denied' | 'failed';
  readonly settings: readonly { readonly key: string; readonly value: string; readonly line: number }[];
}
