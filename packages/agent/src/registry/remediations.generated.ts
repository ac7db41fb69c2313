// Made by tools/gen-registry.mjs from the folders of packages/agent/src/remediations. Do not edit: npm run gen
import type { Remediation } from '../units/remediation.js';
import certificateRenew from '../remediations/certificate-renew/remediation.js';
import configReload from '../remediations/config-reload/remediation.js';
import controlListener from '../remediations/control-listener/remediation.js';
import dheEnable from '../remediations/dhe-enable/remediation.js';
import dkimKeyPermissions from '../remediations/dkim-key-permissions/remediation.js';
import keyPermissions from '../remediations/key-permissions/remediation.js';
import ldapStrict from '../remediations/ldap-strict/remediation.js';
import permissionsRepair from '../remediations/permissions-repair/remediation.js';
import securecredsEnable from '../remediations/securecreds-enable/remediation.js';
import tlsCiphers from '../remediations/tls-ciphers/remediation.js';
import tlsOldVersions from '../remediations/tls-old-versions/remediation.js';
import tlsProtocols from '../remediations/tls-protocols/remediation.js';
import umaskRepair from '../remediations/umask-repair/remediation.js';
import undo from '../remediations/undo/remediation.js';

export const remediations: readonly Remediation[] = [
  certificateRenew as unknown as Remediation,
  configReload as unknown as Remediation,
  controlListener as unknown as Remediation,
  dheEnable as unknown as Remediation,
  dkimKeyPermissions as unknown as Remediation,
  keyPermissions as unknown as Remediation,
  ldapStrict as unknown as Remediation,
  permissionsRepair as unknown as Remediation,
  securecredsEnable as unknown as Remediation,
  tlsCiphers as unknown as Remediation,
  tlsOldVersions as unknown as Remediation,
  tlsProtocols as unknown as Remediation,
  umaskRepair as unknown as Remediation,
  undo as unknown as Remediation,
];
