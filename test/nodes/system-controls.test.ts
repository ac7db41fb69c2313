import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { describe, test } from 'vitest';
import { ECELERITY_CONF, ECUSER, laidNodes, type TestNode } from './node.js';

const newNode = laidNodes();
const ETC = '/opt/msys/ecelerity/etc';
const CONF = `${ETC}/conf`;
const INSTALLER = '/opt/msys/etc/installer';

type Row = readonly [
  name: string,
  spoil: (node: TestNode) => TestNode,
  status: 'pass' | 'fail' | 'not-applicable' | 'indeterminate',
];

function rows(control: string, all: readonly Row[]): void {
  describe(control, () => {
    test.each(all)('%s', async (_name, spoil, status) => {
      await spoil(newNode()).says({ [control]: status });
    });
  });
}

const closed = { uid: 0, gid: ECUSER.gid, mode: 0o640 };

rows('MOM-PERM-004', [
  [
    'a file that everybody may write',
    (n) => n.write(`${CONF}/default/x.conf`, '', { ...ECUSER, mode: 0o666 }),
    'fail',
  ],
  [
    'a file that ecuser’s group may write',
    (n) => n.write(`${CONF}/default/x.conf`, '', { ...ECUSER, mode: 0o664 }),
    'pass',
  ],
  [
    'a folder of Momentum 4, with the group’s bit',
    (n) => n.give(ETC, { uid: 0, gid: ECUSER.gid, mode: 0o2775 }),
    'pass',
  ],
  [
    'a script that root’s shell reads',
    (n) => n.write('/opt/msys/ecelerity/bin/rc.includes/start.local', '', { gid: 50, mode: 0o775 }),
    'fail',
  ],
  [
    'the same by an access list',
    (n) =>
      n
        .write('/opt/msys/ecelerity/bin/rc.includes/start.local', '')
        .acl('/opt/msys/ecelerity/bin/rc.includes/start.local', 'u:50:rw'),
    'fail',
  ],
  [
    'an access list whose mask takes it away',
    (n) => n.write(`${CONF}/default/x.conf`, '').acl(`${CONF}/default/x.conf`, 'u:50:rw', 'm::r'),
    'pass',
  ],
  ['a cron file that a person owns', (n) => n.write('/etc/cron.d/msys-ecelerity', '', { uid: 1000 }), 'fail'],
  ['the cron file of something else', (n) => n.write('/etc/cron.d/backup', '', { mode: 0o666 }), 'pass'],
  ['/opt, open to everybody', (n) => n.give('/opt', { mode: 0o777 }), 'fail'],
]);

rows('MOM-PERM-005', [
  ['the installer’s answers, readable to everybody', (n) => n.write(`${INSTALLER}/lastinstall`, 'x'), 'fail'],
  [
    'the installer’s answers, root’s alone',
    (n) => n.write(`${INSTALLER}/lastinstall`, 'x', { mode: 0o600 }),
    'pass',
  ],
  [
    'the same open, below a closed folder',
    (n) => n.write(`${INSTALLER}/lastinstall`, 'x').give(INSTALLER, { gid: ECUSER.gid, mode: 0o750 }),
    'pass',
  ],
  [
    'an old data source with its password',
    (n) =>
      n.write(
        `${CONF}/default/webui-common.conf.pg`,
        'Datasource "ecdb" {\n  uri = ( "pgsql:dbname=e;user=u;password=old-Pa55" )\n}\n',
      ),
    'fail',
  ],
  [
    'an old data source without one',
    (n) =>
      n.write(
        `${CONF}/default/webui-common.conf.pg`,
        'Datasource "ecdb" {\n  uri = ( "pgsql:dbname=e;user=u" )\n}\n',
      ),
    'pass',
  ],
  [
    'the web UI’s password in ecdb.ini',
    (n) =>
      n.write('/opt/msys/3rdParty/etc/php.d/ecdb.ini', 'ecdb.host = localhost\necdb.password = "x1y2"\n'),
    'fail',
  ],
  [
    'ecdb.ini for ecuser’s group by an access list',
    (n) =>
      n
        .write('/opt/msys/3rdParty/etc/php.d/ecdb.ini', 'ecdb.password = "x1y2"\n', { mode: 0o600 })
        .acl('/opt/msys/3rdParty/etc/php.d/ecdb.ini', `g:${ECUSER.gid}:r`),
    'pass',
  ],
  [
    'settings of the environment without a password',
    (n) => n.write(`${ETC}/environment`, 'EC_NODE_NAME=mta1\n'),
    'pass',
  ],
  [
    'a proxy’s password in the environment',
    (n) => n.write(`${ETC}/environment`, 'EC_NODE_NAME=mta1\nHTTPS_PROXY_PASSWORD=x1y2\n'),
    'fail',
  ],
]);

const WEB_KEY = '/opt/msys/ecwebui/config/site/server.key';
rows('MOM-CRT-009', [
  ['root’s key for ecuser’s group', (n) => n.give(WEB_KEY, closed), 'pass'],
  [
    'a key that an access list lets another user read',
    (n) => n.give(WEB_KEY, closed).acl(WEB_KEY, 'u:50:r'),
    'fail',
  ],
  [
    'a key that an access list lets another group read',
    (n) => n.give(WEB_KEY, closed).acl(WEB_KEY, 'g:50:r'),
    'fail',
  ],
  [
    'a mask that takes it away',
    (n) => n.give(WEB_KEY, closed).acl(WEB_KEY, 'u:50:r', 'm::-w-').give(WEB_KEY, { mode: 0o600 }),
    'pass',
  ],
  [
    'an access list for ecuser itself',
    (n) => n.give(WEB_KEY, { uid: 0, gid: 0, mode: 0o640 }).acl(WEB_KEY, `u:${ECUSER.uid}:r`),
    'pass',
  ],
]);

const STORE_KEY = '/opt/msys/etc/credentials.key';
rows('MOM-CRED-004', [
  ['as credmgr leaves it', (n) => n, 'pass'],
  ['an access list lets another user read the key', (n) => n.acl(STORE_KEY, 'u:50:r'), 'fail'],
  ['a mask that takes all away, ecuser’s group too', (n) => n.acl(STORE_KEY, 'u:50:r', 'm::-'), 'fail'],
  [
    'an access list in place of the group',
    (n) => n.give(STORE_KEY, { uid: 0, gid: 0, mode: 0o640 }).acl(STORE_KEY, `u:${ECUSER.uid}:r`, 'g::-'),
    'pass',
  ],
  [
    'a folder above that is closed to ecuser',
    (n) => n.give('/opt/msys/etc', { uid: 0, gid: 0, mode: 0o700 }),
    'fail',
  ],
  ['a folder that another user owns', (n) => n.give('/opt/msys/etc', { uid: 1000, mode: 0o755 }), 'fail'],
  ['an empty key', (n) => n.write(STORE_KEY, '', closed), 'fail'],
]);

rows('MOM-CRED-003', [
  ['an empty key', (n) => n.write(STORE_KEY, '', closed), 'fail'],
  ['a key of some bytes', (n) => n.write(STORE_KEY, 'x', closed), 'pass'],
]);

const CERTS = '/opt/msys/ecelerity/etc/certs';
const MTA_KEY = `${CERTS}/server.key`;
const MTA_CERT = `${CERTS}/server.crt`;
/** In place of the MTA's own: made by openssl, with these arguments. */
function remade(node: TestNode, ...args: readonly string[]): TestNode {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-nodes',
      '-subj',
      '/CN=mta1.example.com',
      '-keyout',
      node.at(MTA_KEY),
      '-out',
      node.at(MTA_CERT),
      ...args,
    ],
    { stdio: 'ignore' },
  );
  return node.give(MTA_KEY, { ...ECUSER, mode: 0o600 }).give(MTA_CERT, { ...ECUSER, mode: 0o644 });
}

rows('MOM-CRT-007', [
  ['another pair', (n) => remade(n, '-newkey', 'rsa:2048', '-days', '200'), 'pass'],
  ['a certificate that ends in ten days', (n) => remade(n, '-newkey', 'rsa:2048', '-days', '10'), 'fail'],
  [
    'a key of another certificate',
    (n) => n.write(MTA_KEY, n.read('/opt/msys/ecwebui/config/site/server.key'), { ...ECUSER, mode: 0o600 }),
    'fail',
  ],
  ['a key that ecuser cannot read', (n) => n.give(MTA_KEY, { uid: 0, gid: 0, mode: 0o600 }), 'fail'],
  ['a file of authorities that is missing', (n) => n.remove(`${CERTS}/ca.pem`), 'fail'],
  ['no certificate that the MTA names', (n) => n.write(`${CERTS}/other.pem`, ''), 'pass'],
]);
rows('MOM-CRT-008', [
  ['a short key', (n) => remade(n, '-newkey', 'rsa:1024', '-days', '200', '-sha256'), 'fail'],
  ['a signature by SHA-1', (n) => remade(n, '-newkey', 'rsa:2048', '-days', '200', '-sha1'), 'fail'],
  [
    'a curve',
    (n) => remade(n, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '200'),
    'pass',
  ],
]);
rows('MOM-CRT-005', [
  ['self-signed certificates, as the product makes them', (n) => n, 'pass'],
  ['one that cannot be read', (n) => n.write(MTA_CERT, 'x'), 'indeterminate'],
]);

const CRON = '/etc/cron.d/msys-ecelerity';
const BOOT = `${ETC}/cluster.boot`;
// The revisions and the edits themselves are told by the live node's programs only.
rows('MOM-CFG-004', [
  ['no cron file', (n) => n.remove(CRON), 'fail'],
  [
    'a job that is a comment',
    (n) => n.write(CRON, '# * * * * * root /opt/msys/ecelerity/bin/eccfg pull --auto\n'),
    'fail',
  ],
  ['a job in order', (n) => n, 'indeterminate'],
]);
rows('MOM-CFG-002', [
  ['a frozen node', (n) => n.write(BOOT, 'autoupdate=false\ncluster_name=default\n'), 'fail'],
  [
    'a node that takes updates',
    (n) => n.write(BOOT, 'autoupdate=true\ncluster_name=default\n'),
    'indeterminate',
  ],
]);
rows('MOM-CRED-005', [
  ['credmgr is not run in a tree at rest', (n) => n, 'indeterminate'],
  [
    'securecreds is off',
    (n) => n.edit(ECELERITY_CONF, (text) => text.replace(/securecreds \{[^}]*\}\n/, '')),
    'not-applicable',
  ],
]);
const aged = (node: TestNode, path: string, days: number): TestNode => {
  const time = new Date(Date.now() - days * 86_400_000);
  utimesSync(node.at(path), time, time);
  return node;
};
rows('MOM-CRED-007', [
  ['a key of two years', (n) => aged(n, STORE_KEY, 730), 'fail'],
  ['a key of half a year', (n) => aged(n, STORE_KEY, 180), 'pass'],
]);
const LDAP_CONF = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const withDirectory = (node: TestNode, text: string): TestNode =>
  node
    .edit(
      ECELERITY_CONF,
      (before) => `${before}\nDatasource "ad" {\n  uri = ( "ldaps://ad.example.com/?x-ldap-version=3" )\n}\n`,
    )
    .write(LDAP_CONF, text);
rows('MOM-LDAP-002', [
  ['a client that checks nothing', (n) => withDirectory(n, 'TLS_REQCERT never\n'), 'fail'],
  ['a client that demands', (n) => withDirectory(n, 'TLS_REQCERT never\nTLS_REQCERT demand\n'), 'pass'],
  ['no directory', (n) => n.write(LDAP_CONF, 'TLS_REQCERT never\n'), 'not-applicable'],
]);
rows('MOM-LDAP-003', [
  [
    'a file that ecuser cannot read',
    (n) => withDirectory(n, 'TLS_REQCERT demand\n').give(LDAP_CONF, { mode: 0o600 }),
    'fail',
  ],
  [
    'an access list lets ecuser read it',
    (n) =>
      withDirectory(n, 'TLS_REQCERT demand\n')
        .give(LDAP_CONF, { mode: 0o640 })
        .acl(LDAP_CONF, `u:${ECUSER.uid}:r`),
    'pass',
  ],
  ['an authority that is missing', (n) => withDirectory(n, 'TLS_CACERT /etc/none.pem\n'), 'fail'],
]);

const DKIM = `${CONF}/dkim`;
function withDkim(
  node: TestNode,
  bits: number,
  access: { readonly mode: number; readonly uid?: number; readonly gid?: number },
): TestNode {
  const path = `${DKIM}/example.com/s1.key`;
  const pem = execFileSync('openssl', ['genrsa', `${bits}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return node
    .edit(ECELERITY_CONF, (text) => `${text}\nopendkim "opendkim1" {\n  key = "${DKIM}/%{d}/%{s}.key"\n}\n`)
    .write(path, pem, { ...ECUSER, ...access });
}
rows('MOM-DKIM-001', [
  ['a key in order', (n) => withDkim(n, 2048, { mode: 0o640 }), 'pass'],
  ['a key that everybody can read', (n) => withDkim(n, 2048, { mode: 0o644 }), 'fail'],
  ['a short key', (n) => withDkim(n, 1024, { mode: 0o640 }), 'fail'],
  ['a key that ecuser cannot read', (n) => withDkim(n, 2048, { uid: 0, gid: 0, mode: 0o600 }), 'fail'],
]);

const PANICLOG = '/var/log/ecelerity/paniclog.ec';
rows('MOM-PERM-006', [
  ['an old failure', (n) => n.write(PANICLOG, '[Tue 18 Oct 2011 13:51:50] x\nReconfigure failed.\n'), 'pass'],
  ['one without a time', (n) => n.write(PANICLOG, 'Reconfigure failed.\n'), 'indeterminate'],
  [
    'a failure of now',
    (n) => {
      const [, name, day, year, time] = new Date().toString().split(' ');
      return n.write(
        PANICLOG,
        `[Tue ${day} ${name} ${year} ${time}] CFG-07961 failed to stat '/x': Permission denied\n`,
      );
    },
    'fail',
  ],
]);
