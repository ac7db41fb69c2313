import { rmSync } from 'node:fs';
import { ECDB_CONF, ECELERITY_CONF, STORE_FILES } from '../places.js';
import { replaceOnce } from '../text-edit.js';
import { ecdbConf, SECURECREDS, SERVICE_PASSWORD } from '../texts/ecelerity-conf.js';
import type { Fault } from './fault.js';

/** Encrypted passwords were not chosen at installation: no securecreds, and the database's password in the open. */
export const plaintextPassword: Fault = {
  name: 'plaintext-password',
  title: "securecreds is off, and the database's password stands in ecdb.conf",
  plant(tree, settings) {
    replaceOnce(tree.at(ECELERITY_CONF), `${SECURECREDS}\n`, '');
    for (const path of STORE_FILES) rmSync(tree.at(path));
    tree.file(ECDB_CONF, ecdbConf(settings, SERVICE_PASSWORD), {
      owner: 'root',
      group: 'ecuser',
      mode: 0o640,
    });
  },
};
