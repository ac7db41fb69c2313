import { ECWEBUI_PAIR } from '../texts/services.js';
import type { Fault } from './fault.js';

export const webuiKeyOpen: Fault = {
  name: 'webui-key-open',
  title: 'the private key of the web UI is readable by everybody (0644)',
  plant(tree) {
    tree.give(`${ECWEBUI_PAIR}.key`, { owner: 'ecuser', mode: 0o644 });
  },
};
