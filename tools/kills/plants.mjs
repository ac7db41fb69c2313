// What is wrong with the nodes of the rows, beside the faults that the stand-in knows by name.
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshPem } from '../../packages/agent/dist/remediations/dhe-enable/parameters.js';
import { ECELERITY_CONF } from '../../test/standin/dist/lay/places.js';
import { replaceOnce } from '../../test/standin/dist/lay/text-edit.js';
import { HTTPD_CONF, MSYSPG_PAIR, POSTGRESQL_CONF } from '../../test/standin/dist/lay/texts/services.js';

export const LDAP_CONF = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
export const DKIM_KEY = '/opt/msys/ecelerity/etc/dkim/s1.key';
export const DH_PARAMETERS = '/opt/msys/ecelerity/etc/certs/dh2048.pem';
export const UNITS = '/etc/systemd/system';
/** Short enough to be made at once, and for every library to be too short. */
const SHORT_BITS = 512;
const short = await freshPem(SHORT_BITS);

const inConf = (before, after) => (tree) => replaceOnce(tree.at(ECELERITY_CONF), before, after);
/** The place in the main file where a scope can stand. */
const withScope = (text) => inConf('Debug_Flags {', `${text}\nDebug_Flags {`);

export const weakCiphers = inConf('!LOW:!RC4:!3DES:!MD5"', 'RC4-SHA"');

export function openControl(tree) {
  inConf('File_Mode = "0660"', 'File_Mode = "0666"')(tree);
  inConf('Control_Listener {\n', 'Control_Listener {\n  Listen ":2025" {\n  }\n')(tree);
}

/** A unit of the vendor's with a umask of its own: what is set for it goes into a drop-in, in a folder that is made. */
export function strictUnit(tree) {
  tree.file('/usr/lib/systemd/system/ecelerity.service', '[Service]\nUMask=0077\n');
  tree.file(`${UNITS}/default.target`, '');
  tree.file('/usr/bin/systemctl', '#!/bin/sh\nexit 0\n', { mode: 0o755 });
}

export function openDkimKey(tree) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  withScope(`opendkim "opendkim1" {\n  key = "${DKIM_KEY}"\n}\n`)(tree);
  tree.file(DKIM_KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }), { owner: 'ecuser', mode: 0o644 });
}

export function openDirectory(tree) {
  withScope('Datasource "ad" {\n  uri = ( "ldap://ad.example.com" )\n  no_cache = "true"\n}\n')(tree);
  replaceOnce(tree.at(LDAP_CONF), 'TLS_REQCERT demand', 'TLS_REQCERT never');
}

export function shortParameters(tree) {
  inConf('TLS_DHParams_File', 'TLS_Enable_DHE_Ciphers = false\nTLS_DHParams_File')(tree);
  tree.file(DH_PARAMETERS, short, { owner: 'ecuser', mode: 0o644 });
}

export function plainDatabase(tree) {
  replaceOnce(tree.at(POSTGRESQL_CONF), 'ssl = on', 'ssl = off');
  for (const kind of ['key', 'crt']) rmSync(tree.at(`${MSYSPG_PAIR}.${kind}`));
}

export const plainWebui = (tree) => replaceOnce(tree.at(HTTPD_CONF), 'SSLEngine on', 'SSLEngine off');

/** What Solaris 10 says of itself, and its web UI with the host that it does not start with. */
export function solaris(tree, { address, ports }) {
  for (const name of ['os-release', 'redhat-release']) rmSync(tree.at(`/etc/${name}`));
  tree.file('/etc/release', '                   Oracle Solaris 10 1/13 s10s_u11wos_24a SPARC\n');
  tree.file('/var/svc/log/system-name-service-cache:default.log', '');
  replaceOnce(
    tree.at(HTTPD_CONF),
    `<VirtualHost ${address}:${ports.ecwebui}>`,
    `<VirtualHost _default_:${ports.ecwebui}>`,
  );
}

/** In a started node: what the running Momentum has not read. */
export const unreadEdit = (root) => appendFileSync(join(root, ECELERITY_CONF), '# edited by hand\n');
