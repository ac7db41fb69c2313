import type { NodeSettings } from '../options.js';

export const ECCONFIGD_PAIR = '/var/ecconfigd/apache/server';
export const ECWEBUI_PAIR = '/opt/msys/ecwebui/config/site/server';
export const MSYSPG_PAIR = '/var/db/msyspg/server';
export const ESMTP_PAIR = '/opt/msys/ecelerity/etc/certs/server';

export const ECCONFIGD_CONF = '/opt/msys/ecelerity/etc/ecconfigd.conf';
export const HTTPD_CONF = '/opt/msys/ecwebui/config/httpd.conf';
export const POSTGRESQL_CONF = '/var/db/msyspg/postgresql.conf';

/** ecconfigd's Apache (Manual, executable.ecconfigd: Subversion over SSL, repository in /var/ecconfigd/repo). */
export function ecconfigdConf({ name, address, ports }: NodeSettings): string {
  return `ServerRoot "/var/ecconfigd/apache"
ServerName ${name}
Listen ${address}:${ports.ecconfigd}
User ecuser
Group ecuser
PidFile /var/ecconfigd/apache/httpd.pid
ErrorLog /var/ecconfigd/apache/error.log
SSLEngine on
SSLProtocol all -SSLv2 -SSLv3
SSLCertificateFile ${ECCONFIGD_PAIR}.crt
SSLCertificateKeyFile ${ECCONFIGD_PAIR}.key
<Location /config>
  DAV svn
  SVNParentPath /var/ecconfigd/repo
  AuthType Digest
  AuthName "ecconfigd repo"
  AuthUserFile /var/ecconfigd/repo/svn-auth.htdigest
  <LimitExcept GET PROPFIND OPTIONS REPORT>
    Require valid-user
  </LimitExcept>
</Location>
`;
}

/** The web UI's Apache with SSL chosen at installation (Manual, install.solaris shows the virtual host). */
export function httpdConf({ name, address, ports }: NodeSettings): string {
  return `ServerRoot "/opt/msys/ecwebui"
ServerName ${name}
Listen ${address}:${ports.ecwebui}
User ecuser
Group ecuser
PidFile /var/run/ecwebconsole.pid
DocumentRoot /opt/msys/ecwebui/htdocs
<VirtualHost ${address}:${ports.ecwebui}>
  ServerName ${name}
  SSLEngine on
  SSLProtocol all -SSLv2 -SSLv3
  SSLCertificateFile ${ECWEBUI_PAIR}.crt
  SSLCertificateKeyFile ${ECWEBUI_PAIR}.key
</VirtualHost>
`;
}

export function postgresqlConf({ address, ports }: NodeSettings): string {
  return `listen_addresses = '${address}'
port = ${ports.msyspg}
max_connections = 100
ssl = on
logging_collector = off
`;
}

/** Only TLS from the network; the manual lets the database's own user in locally without a password. */
export function pgHbaConf(): string {
  return `local   all  msyspg                trust
hostssl all  all     127.0.0.1/32   md5
hostssl all  all     ::1/128        md5
`;
}

export function ldapConf(): string {
  return `# LDAP client settings (Manual, conf.ldaps)
TLS_CACERT /opt/msys/ecelerity/etc/certs/ca.pem
TLS_REQCERT demand
`;
}

/** Manual, executable.eccfg: a pull each minute, the running configuration every five. */
export function ecelerityCron(): string {
  return [
    '* * * * * root /opt/msys/ecelerity/bin/eccfg pull --auto > /dev/null 2>&1',
    '*/5 * * * * root /opt/msys/ecelerity/bin/eccfg put running > /dev/null 2>&1',
    '',
  ].join('\n');
}
