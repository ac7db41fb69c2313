import { configUnreadable } from './config-unreadable.js';
import { ecconfigdCertificateExpired } from './ecconfigd-certificate-expired.js';
import { oldTls } from './old-tls.js';
import { plaintextPassword } from './plaintext-password.js';
import { rootUmask } from './root-umask.js';
import { tlsProtocols } from './tls-protocols.js';
import { webuiKeyOpen } from './webui-key-open.js';

export const FAULTS = {
  'ecconfigd-certificate-expired': ecconfigdCertificateExpired,
  'plaintext-password': plaintextPassword,
  'tls-protocols': tlsProtocols,
  'old-tls': oldTls,
  'config-unreadable': configUnreadable,
  'root-umask': rootUmask,
  'webui-key-open': webuiKeyOpen,
} as const;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);
