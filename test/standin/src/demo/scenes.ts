import { join } from 'node:path';
import { ECELERITY_CONF, WEBUI_COMMON_CONF } from '../lay/places.js';
import { replaceOnce } from '../lay/text-edit.js';
import { ROOT_BASHRC, UMASK_LINE } from '../lay/texts/system.js';
import { both, evaluates, type Look, says } from './looks.js';

/** One statement of the chapter, broken by hand on a node that was in order, and mended by a remediation. */
export interface Scene {
  /** What the chapter asks for, in our words. */
  readonly statement: string;
  /** What a person did: told when it is broken. */
  readonly broken: string;
  /** Each of these pages. */
  readonly controls: readonly string[];
  readonly remediation: string;
  /** Seen from outside after the mend. */
  readonly look: Look;
  /** Breaks it: `at` is a path of the node on this host. */
  plant(at: (path: string) => string): void;
}

const LDAP_CONF = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const CIPHERS = 'TLS_Ciphers = "HIGH:!aNULL:!eNULL:!EXP:!LOW:!RC4:!3DES:!MD5"';
const AUTHENTICATE = '  Scheme "ecauth" {\n';
const DIRECTORY =
  '  Scheme "directory" {\n    Authenticate {\n      query = "ldap://ad.example.com:389/dc=example"\n    }\n  }\n';

/** All are broken together, and mended one after the other: what one leaves of the others is seen too. */
export const SCENES: readonly Scene[] = [
  {
    statement: 'root makes files that ecuser can read',
    broken: "umask 0027 again in root's .bashrc",
    controls: ['MOM-PERM-001'],
    remediation: 'umask-repair',
    look: says(ROOT_BASHRC, /^umask 0?022$/m),
    plant: (at) => replaceOnce(at(ROOT_BASHRC), UMASK_LINE, 'umask 0027'),
  },
  {
    statement: 'no suite that POODLE and its kin break',
    broken: 'TLS_Ciphers offers RC4 and 3DES',
    controls: ['MOM-TLS-008'],
    remediation: 'tls-ciphers',
    look: evaluates([], 'tls_ciphers', /!RC4/),
    plant: (at) => replaceOnce(at(ECELERITY_CONF), CIPHERS, 'TLS_Ciphers = "HIGH:RC4-SHA:DES-CBC3-SHA"'),
  },
  {
    statement: 'forward secrecy by DHE',
    broken: 'TLS_Enable_DHE_Ciphers is false',
    controls: ['MOM-TLS-006'],
    remediation: 'dhe-enable',
    look: evaluates([], 'tls_enable_dhe_ciphers', /true/),
    plant: (at) =>
      replaceOnce(
        at(ECELERITY_CONF),
        'TLS_DHParams_File',
        'TLS_Enable_DHE_Ciphers = false\nTLS_DHParams_File',
      ),
  },
  {
    statement: 'sign-in by a directory: over TLS, to a server that is checked',
    broken: 'a directory is asked over ldap://, and any certificate is taken',
    controls: ['MOM-LDAP-001', 'MOM-LDAP-002'],
    remediation: 'ldap-strict',
    look: both(says(LDAP_CONF, /^TLS_REQCERT demand$/m), says(WEBUI_COMMON_CONF, /ldaps:\/\/ad[^"?]*/)),
    plant: (at) => {
      replaceOnce(at(WEBUI_COMMON_CONF), AUTHENTICATE, `${DIRECTORY}${AUTHENTICATE}`);
      replaceOnce(at(LDAP_CONF), 'TLS_REQCERT demand', 'TLS_REQCERT never');
    },
  },
  {
    statement: 'sign-in by a directory: the console is for those who may',
    broken: 'the socket of the console has File_Mode 0666',
    controls: ['MOM-CTL-002'],
    remediation: 'control-listener',
    look: says(ECELERITY_CONF, /^\s*File_Mode = "?0660"?$/m),
    plant: (at) => replaceOnce(at(ECELERITY_CONF), 'File_Mode = "0660"', 'File_Mode = "0666"'),
  },
];

/** Breaks all of them in the files of a node. */
export function plantAll(dir: string): void {
  for (const scene of SCENES) scene.plant((path) => join(dir, path));
}
