import { replaceOnce } from '../text-edit.js';
import { ROOT_BASHRC, UMASK_LINE } from '../texts/system.js';
import type { Fault } from './fault.js';

export const rootUmask: Fault = {
  name: 'root-umask',
  title: "umask 0027 in root's .bashrc",
  plant(tree) {
    replaceOnce(tree.at(ROOT_BASHRC), UMASK_LINE, 'umask 0027');
  },
};
