import type { Random } from './random.js';

export const WEB_CONF = '/opt/msys/ecwebui/config/httpd.conf';
export const WEB_SITE = '/opt/msys/ecwebui/config/site';
export const REPO_CONF = '/opt/msys/ecelerity/etc/ecconfigd.conf';
export const REPO_PAIR = '/var/ecconfigd/apache';
export const PG_DATA = '/var/db/msyspg';

export interface Apache {
  /** By path, the main file first. */
  readonly files: Readonly<Record<string, string>>;
  /** Where the virtual host with TLS stands. */
  readonly hostFile: string;
}

function tlsLines(random: Random, folder: string): string {
  const quote = random.pick(['', '"']);
  const lines = [
    'SSLEngine on',
    random.pick(['SSLProtocol all -SSLv2 -SSLv3', 'SSLProtocol TLSv1.2']),
    `SSLCertificateFile ${quote}${folder}/server.crt${quote}`,
    `SSLCertificateKeyFile ${quote}${folder}/server.key${quote}`,
    'SSLCipherSuite HIGH:!aNULL:!MD5',
  ];
  return random
    .shuffled(lines)
    .map((line) => `  ${line}\n`)
    .join('');
}

/** In one file, or composed: a virtual host of its own file, by name or by pattern, absolute or from ServerRoot. */
export function webApache(random: Random, name: string): Apache {
  const port = random.pick([443, 8443]);
  const address = random.pick([`*:${port}`, `127.0.0.1:${port}`]);
  const host = `<VirtualHost ${address}>\n  ServerName ${name}\n${tlsLines(random, WEB_SITE)}</VirtualHost>\n`;
  const form = random.pick(['one file', 'by name', 'by pattern', 'conditional']);
  const base = `ServerRoot "/opt/msys/ecwebui"\nServerName ${name}\nUser ecuser\nGroup ecuser\nPidFile /var/run/ecwebconsole.pid\nDocumentRoot /opt/msys/ecwebui/htdocs\nLoadModule ssl_module modules/mod_ssl.so\nListen ${port}\nErrorLog "logs/error_log"\n`;
  if (form === 'one file') return { files: { [WEB_CONF]: base + host }, hostFile: WEB_CONF };
  if (form === 'conditional')
    return {
      files: { [WEB_CONF]: `${base}<IfModule mod_ssl.c>\n${host}</IfModule>\n` },
      hostFile: WEB_CONF,
    };
  const own = form === 'by name' ? '/opt/msys/ecwebui/config/ssl.conf' : `${WEB_SITE}/10-ssl.conf`;
  const include =
    form === 'by name'
      ? random.pick([`Include ${own}\n`, 'Include config/ssl.conf\n'])
      : random.pick([`Include "${WEB_SITE}/*.conf"\n`, 'Include config/site/*.conf\n']);
  return { files: { [WEB_CONF]: base + include, [own]: `# TLS of the console\n${host}` }, hostFile: own };
}

export function repoApache(random: Random, name: string): string {
  return `ServerRoot "/var/ecconfigd/apache"
ServerName ${name}
Listen 2027
User ecuser
Group ecuser
ErrorLog /var/ecconfigd/apache/error.log
${tlsLines(random, REPO_PAIR).replaceAll('  ', '')}<Location /config>
  DAV svn
  SVNParentPath /var/ecconfigd/repo
  AuthType Digest
  AuthName "ecconfigd repo"
  AuthUserFile /var/ecconfigd/repo/svn-auth.htdigest
  Require valid-user
</Location>
`;
}

export function postgresqlConf(random: Random): string {
  const lines = [
    "listen_addresses = '*'",
    random.pick(['ssl = on', "ssl = 'on'", 'ssl on', 'ssl = true', 'SSL = yes   # encrypted']),
    'max_connections = 200',
    random.pick(['port = 5432', '#port = 5432']),
    'shared_buffers = 128MB   # of the machine',
  ];
  return `# PostgreSQL of the product\n${random.shuffled(lines).join('\n')}\n`;
}

export function hbaConf(random: Random): string {
  const rules = random.shuffled([
    'hostssl all         all         127.0.0.1/32          md5',
    'hostssl all         all         ::1/128               md5',
    'hostssl ecelerity   ecuser      10.10.0.0 255.255.0.0 md5',
  ]);
  return `# TYPE  DATABASE  USER  ADDRESS  METHOD\nlocal   all         msyspg                            trust\n${rules.join('\n')}\n`;
}

/** Our own words for what an init script of the product does. */
export function initScript(name: string, isRhel: boolean): string {
  const functions = isRhel ? '. /etc/init.d/functions\n' : '';
  return `#!/bin/sh
# chkconfig: 345 86 14
# description: ${name}
${functions}PROGRAM=/opt/msys/ecelerity/bin/${name}_ctl
test -x $PROGRAM || exit 0
case "$1" in
  start)
    $PROGRAM start
    ;;
  stop)
    $PROGRAM stop
    ;;
  restart)
    $PROGRAM restart
    ;;
  *)
    echo "Usage: $0 {start|stop|restart}"
    exit 1
    ;;
esac
exit $?
`;
}

export function unitFile(name: string): string {
  return `[Unit]\nDescription=${name}\nAfter=network.target\n\n[Service]\nType=forking\nExecStart=/opt/msys/ecelerity/bin/${name}_ctl start\nExecStop=/opt/msys/ecelerity/bin/${name}_ctl stop\n\n[Install]\nWantedBy=multi-user.target\n`;
}

export const CRON_FILE = '/etc/cron.d/msys-ecelerity';

export const CRON = `# jobs of the configuration
SHELL=/bin/sh
* * * * * root /opt/msys/ecelerity/bin/eccfg pull --auto > /dev/null 2>&1
*/5 * * * * root /opt/msys/ecelerity/bin/eccfg put running > /dev/null 2>&1
`;

export const LDAP_CONF =
  '# directory client\nTLS_CACERT /opt/msys/ecelerity/etc/certs/ca.pem\nTLS_REQCERT demand\n';
