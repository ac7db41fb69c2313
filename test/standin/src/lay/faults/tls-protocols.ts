import { ECELERITY_CONF } from '../places.js';
import { replaceOnce } from '../text-edit.js';
import { BULK_BINDING, GLOBAL_TLS_PROTOCOLS } from '../texts/ecelerity-conf.js';
import type { Fault } from './fault.js';

/** Nobody set it, so everything is allowed (Manual, conf.ref.tls_protocols), and one binding says so in words. */
export const tlsProtocols: Fault = {
  name: 'tls-protocols',
  title: 'TLS_Protocols is unset, and the binding "bulk" sets +ALL',
  plant(tree) {
    replaceOnce(tree.at(ECELERITY_CONF), GLOBAL_TLS_PROTOCOLS, '');
    replaceOnce(tree.at(ECELERITY_CONF), BULK_BINDING, `${BULK_BINDING}  TLS_Protocols = "+ALL"\n`);
  },
};
