import { readFileSync } from 'node:fs';
import { DAY_MS, selfSigned } from '../certificates.js';
import { ECCONFIGD_PAIR } from '../texts/services.js';
import type { Fault } from './fault.js';

/** The year that create_ssl_cert gives is over, and nobody noticed: nodes stop getting new configuration. */
export const ecconfigdCertificateExpired: Fault = {
  name: 'ecconfigd-certificate-expired',
  title: 'the certificate of ecconfigd expired nine days ago',
  plant(tree, { name }) {
    const now = Date.now();
    const keyPem = readFileSync(tree.at(`${ECCONFIGD_PAIR}.key`), 'utf8');
    const validity = { notBefore: new Date(now - 374 * DAY_MS), notAfter: new Date(now - 9 * DAY_MS) };
    tree.file(`${ECCONFIGD_PAIR}.crt`, selfSigned({ hostname: name, keyPem, ...validity }).certificatePem, {
      owner: 'ecuser',
      mode: 0o644,
    });
  },
};
