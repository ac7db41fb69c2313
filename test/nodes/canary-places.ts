import { ECELERITY_CONF, ECUSER, HTTPD_CONF, MSYSPG, PG_DATA, type TestNode } from './node.js';

const ETC = '/opt/msys/ecelerity/etc';
const BIN = '/opt/msys/ecelerity/bin';
const SECRET = { uid: 0, gid: ECUSER.gid, mode: 0o640 };

/** Secrets of no one, each told from all others by its number, and by where it was put. */
export class Canaries {
  readonly placed = new Map<string, string>();

  of(place: string): string {
    const value = `c4nary${String(this.placed.size).padStart(3, '0')}Zq7w`;
    this.placed.set(value, place);
    return value;
  }

  /** Bytes that are in the clear on the node and must be nowhere else. */
  take(place: string, value: string): void {
    this.placed.set(value, place);
  }

  /** The places whose secrets stand in a text. */
  in(text: string): string[] {
    return [...this.placed].filter(([value]) => text.includes(value)).map(([, place]) => place);
  }
}

/** In every place that can hold a secret, one. */
export function placeCanaries(node: TestNode): Canaries {
  const canaries = new Canaries();
  for (const place of [
    inConfiguration,
    inStanzas,
    ofInstaller,
    inAccounts,
    inApache,
    inPostgresql,
    inShells,
    inStarts,
  ])
    place(node, canaries);
  ofKeys(node, canaries);
  ofPrograms(node, canaries);
  return canaries;
}

const append = (node: TestNode, path: string, text: string) => node.edit(path, (before) => before + text);

function inConfiguration(node: TestNode, c: Canaries): void {
  append(
    node,
    ECELERITY_CONF,
    `Datasource "crm" {
  uri = ( "odbc:DSN=crm;UID=ec;PWD=${c.of('odbc PWD')}" )
}
Datasource "stats" {
  uri = ( "mysql:host=db2;user=ec;password=${c.of('mysql password')}" "mysql:host=db3;user=ec;password=${c.of('second uri')}" )
}
Datasource "ad" {
  uri = ( "ldap://ad.example.com/dc=example?x-binddn=cn=reader&x-bindpw=${c.of('x-bindpw')}" )
}
Datasource "web" {
  uri = ( "https://reader:${c.of('password in an address')}@api.example.com/" )
}
# was: uri = ( "pgsql:user=ecuser;password=${c.of('password in a comment')}" )
/* Outbound_SMTP_Auth_Pass = "${c.of('option in a comment')}" */
Outbound_SMTP_Auth_User = "relay"
Outbound_SMTP_Auth_Pass = "${c.of('outbound_smtp_auth_pass')}"
`,
  );
  node.edit('/opt/msys/etc/installer/ecelerity.d/ecdb.conf', (text) =>
    text.replace('user=ecuser;', `user=ecuser;password=${c.of('ecdb.conf')};`),
  );
  node.edit(`${ETC}/conf/default/webui-common.conf`, (text) =>
    text.replace('user=ecuser', `user=ecuser;password=${c.of('webui-common.conf')}`),
  );
  node.write(
    `${ETC}/local_changes.conf`,
    `Outbound_SMTP_Auth_Pass = "${c.of('local_changes.conf')}"\n`,
    ECUSER,
  );
}

/** Options of modules, each with its own way to hold one. */
function inStanzas(node: TestNode, c: Canaries): void {
  append(
    node,
    ECELERITY_CONF,
    `auth_radius "r" {
  secret = "${c.of('auth_radius secret')}"
}
http_io "hook" {
  http_basic_auth = "reader:${c.of('http_basic_auth')}"
}
SNMP {
  Community = "${c.of('SNMP community')}"
}
auth_ds {
  Scheme "directory" {
    Authenticate {
      query = "ldap://ad2.example.com/dc=x?x-bindpw=${c.of('x-bindpw of a query')}"
    }
  }
}
`,
  );
}

function ofInstaller(node: TestNode, c: Canaries): void {
  node.write('/opt/msys/etc/installer/lastinstall', `ADMIN_PASSWORD=${c.of('lastinstall')}\n`, {
    mode: 0o600,
  });
  node.write('/opt/msys/etc/.svcpasswd', `${c.of('.svcpasswd')}\n`, { mode: 0o644 });
  node.write('/opt/msys/3rdParty/etc/php.d/ecdb.ini', `ecdb.password = "${c.of('ecdb.ini')}"\n`, SECRET);
  node.write('/opt/msys/3rdParty/etc/odbc.ini', `[crm]\nPassword = ${c.of('odbc.ini')}\n`, SECRET);
  append(
    node,
    '/opt/msys/3rdParty/etc/openldap/ldap.conf',
    `BINDPW ${c.of('ldap.conf bindpw')}\nSASL_SECRET ${c.of('ldap.conf secret')}\n`,
  );
  node.write(
    `${ETC}/cluster.boot`,
    `node_name = mta1\nservice_password = ${c.of('cluster.boot')}\nrepo = https://ec:${c.of('address in cluster.boot')}@m:2027/\n`,
  );
  node.write(`${ETC}/ec_rotate.conf`, `rt_stats_driver_pass = ${c.of('ec_rotate.conf')}\n`, SECRET);
}

function inAccounts(node: TestNode, c: Canaries): void {
  node.write(`${ETC}/console_passwd`, `admin:${c.of('console_passwd')}\n`, { ...ECUSER, mode: 0o600 });
  node.write(`${ETC}/unsafe_passwd`, `relay:${c.of('unsafe_passwd')}\n`, { ...ECUSER, mode: 0o600 });
  node.write(
    '/var/ecconfigd/repo/svn-auth.htdigest',
    `ecuser:ecconfigd repo:${c.of('svn-auth.htdigest')}\n`,
    ECUSER,
  );
  node.edit('/etc/passwd', (text) => text.replace('ecuser:x:', `ecuser:${c.of('a hash in etc/passwd')}:`));
}

function inApache(node: TestNode, c: Canaries): void {
  node.write('/opt/msys/ecwebui/config/users', `admin:${c.of('AuthUserFile')}\n`, { ...ECUSER, mode: 0o600 });
  append(
    node,
    HTTPD_CONF,
    `SSLPassPhraseDialog "exec:/opt/msys/ask ${c.of('SSLPassPhraseDialog')}"
AuthUserFile /opt/msys/ecwebui/config/users
AuthLDAPBindPassword ${c.of('AuthLDAPBindPassword')}
SetEnv DB_PASSWORD ${c.of('SetEnv of httpd.conf')}
SiteModulePassword ${c.of('a directive that nobody knows')}
<If "%{HTTP:X-Token} == '${c.of('an expression of If')}'">
  SSLEngine on
</If>
`,
  );
}

function inPostgresql(node: TestNode, c: Canaries): void {
  append(
    node,
    `${PG_DATA}/pg_hba.conf`,
    `host all all 10.0.0.0/8 ldap ldapserver=ad ldapbinddn="cn=x" ldapbindpasswd="${c.of('ldapbindpasswd of pg_hba')}"
host all all 11.0.0.0/8 radius radiusservers="r" radiussecrets=${c.of('radiussecrets of pg_hba')}
host all nobody2 some.host nonsense=${c.of('a rule that is not understood')}
`,
  );
  append(
    node,
    `${PG_DATA}/postgresql.conf`,
    `primary_conninfo = 'host=db0 user=rep password=${c.of('primary_conninfo')}'\nssl_passphrase_command = 'echo ${c.of('ssl_passphrase_command')}'\n`,
  );
  node.write(`${PG_DATA}/recovery.conf`, `primary_conninfo = 'password=${c.of('recovery.conf')}'\n`, {
    ...MSYSPG,
    mode: 0o600,
  });
  node.write(`${PG_DATA}/.pgpass`, `*:*:*:msyspg:${c.of('.pgpass')}\n`, { ...MSYSPG, mode: 0o600 });
}

function inShells(node: TestNode, c: Canaries): void {
  append(
    node,
    '/root/.bashrc',
    `export DB_PASSWORD=${c.of('export of .bashrc')}
PGPASSWORD=${c.of('an assignment before umask')} umask 027
[ "$SITE_TOKEN" = "${c.of('a condition of umask')}" ] && umask 077
eval "login --password=${c.of('eval')} $SITE"
curl -u reader:${c.of('curl -u')} https://api.example.com/ | . /dev/stdin
`,
  );
  node.write('/root/.bash_history', `bootstrap --password ${c.of('.bash_history')}\n`, { mode: 0o600 });
  node.write('/root/.my.cnf', `[client]\npassword=${c.of('.my.cnf')}\n`, { mode: 0o600 });
  node.write(
    `${ETC}/environment`,
    `HTTPS_PROXY_USERNAME=proxy\nHTTPS_PROXY_PASSWORD=${c.of('HTTPS_PROXY_PASSWORD')}\nexport HTTPS_PROXY_PASSWORD\n`,
    { mode: 0o640 },
  );
  node.write(`${BIN}/prepare_ec_lic`, `#!/bin/sh\nexport PROXYPASS=${c.of('PROXYPASS')}\n`, { mode: 0o755 });
}

function inStarts(node: TestNode, c: Canaries): void {
  node.write(
    '/etc/cron.d/msys-ecelerity',
    `DB_PASSWORD=${c.of('a variable of cron')}
* * * * * root umask 027; /opt/msys/ecelerity/bin/eccfg put running --username a --password ${c.of('a job of cron')}
* * * * * root PGPASSWORD=${c.of('an assignment of a job')} umask 077; /opt/msys/ecelerity/bin/ec_rotate
* * * * * root eval "/opt/msys/ecelerity/bin/ec_console ssh://a:${c.of('an address of a job')}@m:2025 $X"
`,
  );
  node.write(
    '/usr/lib/systemd/system/ecconfigd.service',
    `[Service]\nEnvironment=REPO_PASSWORD=${c.of('Environment of a unit')}\nUMask=0027\nExecStart=/opt/msys/x --password=${c.of('ExecStart of a unit')}\n`,
  );
  node.write(
    '/opt/msys/ecelerity/bin/rc.includes/start.site',
    `TOKEN=${c.of('an rc.include')}\n[ "$TOKEN" = "${c.of('a condition of an rc.include')}" ] || umask 027\n`,
  );
}

/** Base64 of the middle of each private key, as it stands in its file. */
function ofKeys(node: TestNode, c: Canaries): void {
  const paths = [
    '/var/ecconfigd/apache/server.key',
    '/opt/msys/ecwebui/config/site/server.key',
    `${PG_DATA}/server.key`,
    `${ETC}/certs/server.key`,
  ];
  const [own = ''] = paths;
  const dkim = `${ETC}/conf/default/dkim/example.com/s1.key`;
  // Root's, and closed to ecuser: repaired, and so planned.
  node.write(dkim, node.read(own), { mode: 0o600 });
  for (const path of [...paths, dkim]) {
    const lines = node.read(path).trim().split('\n');
    for (const line of lines.slice(1, -1).slice(3, 9)) c.take(`${path} in base64`, line.slice(0, 40));
  }
  node.write(
    `${ETC}/certs/locked.key`,
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${c.of('an encrypted key')}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
    { mode: 0o644 },
  );
}

/** Programs of the product that say more than they should. */
function ofPrograms(node: TestNode, c: Canaries): void {
  const say = (path: string, text: string, code = 0) =>
    node.write(path, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${code}\n`, { mode: 0o755 });
  say(
    `${BIN}/validate_config`,
    `Configuration error near 'uri = ( "pgsql:user=ecuser;password=${c.of('what validate_config says')}" )'`,
    1,
  );
  say(
    `${BIN}/eccfg`,
    `eccfg: svn: authorization failed for https://ecuser:${c.of('what eccfg says')}@m:2027/ (password=${c.of('a password that eccfg says')})`,
    1,
  );
  say(`${BIN}/credmgr`, `credmgr: ecuser localhost pgsql password=${c.of('what credmgr says')}`, 1);
}
