/**
 * create_ssl_cert SERVICE HOSTNAME PREFIX [USER]. Manual, executable.create_ssl_cert: self-signed, RSA 2048, for one
 * year; the user is ecuser unless given; the old certificate is to be removed first.
 * ASSUMED: whether it overwrites is not said; this one refuses, because the page insists on removing first.
 */
import { existsSync } from 'node:fs';
import { DAY_MS, selfSigned } from '../lay/certificates.js';
import type { Owner } from '../lay/principals.js';
import { launched } from '../running/standin-node.js';

const SERVICES = ['ecconfigd', 'ecwebui', 'msyspg'];
const YEAR_DAYS = 365;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const { node, args } = launched(process.argv.slice(2));
const [service = '', hostname, prefix, user = 'ecuser'] = args;
const owner: Owner = user === 'msyspg' ? 'msyspg' : 'ecuser';
if (!SERVICES.includes(service) || !hostname || !prefix)
  fail('Usage: create_ssl_cert <service> <hostname> <prefix> [user]');
const [key, certificate] = [`${prefix}/server.key`, `${prefix}/server.crt`];
if ([key, certificate].some((path) => existsSync(node.tree.at(path))))
  fail(`${prefix}: remove the old certificate and key first`);

process.stderr.write('Generating a 2048 bit RSA private key\n');
const now = new Date();
const pair = selfSigned({ hostname, notBefore: now, notAfter: new Date(now.getTime() + YEAR_DAYS * DAY_MS) });
process.stderr.write(`writing new private key to '${key}'\n`);
node.tree.file(key, pair.keyPem, { owner, mode: 0o600 });
node.tree.file(certificate, pair.certificatePem, { owner, mode: 0o644 });
