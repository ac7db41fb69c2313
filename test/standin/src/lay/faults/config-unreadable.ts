import { UNREADABLE_CONF } from '../places.js';
import type { Fault } from './fault.js';

/**
 * Made by hand by root under umask 0027 (Manual, install.security): ecuser cannot read it. Nothing includes it yet.
 * In a tree of one user there is no other to keep out, so nobody may read it.
 */
export const configUnreadable: Fault = {
  name: 'config-unreadable',
  title: `${UNREADABLE_CONF} is root:root 0640, so ecuser cannot read it`,
  plant(tree) {
    const text =
      '# A binding that is not switched on yet.\nBinding "seasonal" {\n  EHLO_Hostname = "seasonal.example.com"\n}\n';
    tree.file(UNREADABLE_CONF, text, { owner: 'root', mode: tree.principals.isSingleUser ? 0o000 : 0o640 });
  },
};
