// Made by tools/gen-registry.mjs from the folders of packages/agent/src/controls. Do not edit: npm run gen
import type { Control } from '../units/control.js';
import authWithoutTls from '../controls/auth-without-tls/control.js';
import certificateStrength from '../controls/certificate-strength/control.js';
import configCommitted from '../controls/config-committed/control.js';
import configDistributed from '../controls/config-distributed/control.js';
import configOwner from '../controls/config-owner/control.js';
import configReadable from '../controls/config-readable/control.js';
import configValid from '../controls/config-valid/control.js';
import configWritable from '../controls/config-writable/control.js';
import consoleNetwork from '../controls/console-network/control.js';
import consoleSocket from '../controls/console-socket/control.js';
import credentialEntries from '../controls/credential-entries/control.js';
import credentialKeyAge from '../controls/credential-key-age/control.js';
import credentialStoreAccess from '../controls/credential-store-access/control.js';
import credentialStorePresent from '../controls/credential-store-present/control.js';
import dhParameters from '../controls/dh-parameters/control.js';
import dheEnabled from '../controls/dhe-enabled/control.js';
import dkimKeys from '../controls/dkim-keys/control.js';
import ecconfigdCertificate from '../controls/ecconfigd-certificate/control.js';
import ldapCertificateCheck from '../controls/ldap-certificate-check/control.js';
import ldapDebugLog from '../controls/ldap-debug-log/control.js';
import ldapFilesReadable from '../controls/ldap-files-readable/control.js';
import ldapPrerequisites from '../controls/ldap-prerequisites/control.js';
import mtaCertificates from '../controls/mta-certificates/control.js';
import oldTls from '../controls/old-tls/control.js';
import openRelay from '../controls/open-relay/control.js';
import peerVerification from '../controls/peer-verification/control.js';
import plaintextPasswords from '../controls/plaintext-passwords/control.js';
import poodleRelease from '../controls/poodle-release/control.js';
import postgresqlCertificateExpiry from '../controls/postgresql-certificate-expiry/control.js';
import postgresqlTls from '../controls/postgresql-tls/control.js';
import privateKeyAccess from '../controls/private-key-access/control.js';
import reloadFailures from '../controls/reload-failures/control.js';
import rootUmask from '../controls/root-umask/control.js';
import secretFileAccess from '../controls/secret-file-access/control.js';
import securecredsEnabled from '../controls/securecreds-enabled/control.js';
import selfSignedCertificates from '../controls/self-signed-certificates/control.js';
import solarisWebuiVhost from '../controls/solaris-webui-vhost/control.js';
import sslv2 from '../controls/sslv2/control.js';
import sslv3Inbound from '../controls/sslv3-inbound/control.js';
import sslv3Outbound from '../controls/sslv3-outbound/control.js';
import starttlsInjection from '../controls/starttls-injection/control.js';
import tlsEngineMismatch from '../controls/tls-engine-mismatch/control.js';
import useSslStarttls from '../controls/use-ssl-starttls/control.js';
import weakCiphers from '../controls/weak-ciphers/control.js';
import webuiCertificateExpiry from '../controls/webui-certificate-expiry/control.js';
import webuiTls from '../controls/webui-tls/control.js';

export const controls: readonly Control[] = [
  authWithoutTls as unknown as Control,
  certificateStrength as unknown as Control,
  configCommitted as unknown as Control,
  configDistributed as unknown as Control,
  configOwner as unknown as Control,
  configReadable as unknown as Control,
  configValid as unknown as Control,
  configWritable as unknown as Control,
  consoleNetwork as unknown as Control,
  consoleSocket as unknown as Control,
  credentialEntries as unknown as Control,
  credentialKeyAge as unknown as Control,
  credentialStoreAccess as unknown as Control,
  credentialStorePresent as unknown as Control,
  dhParameters as unknown as Control,
  dheEnabled as unknown as Control,
  dkimKeys as unknown as Control,
  ecconfigdCertificate as unknown as Control,
  ldapCertificateCheck as unknown as Control,
  ldapDebugLog as unknown as Control,
  ldapFilesReadable as unknown as Control,
  ldapPrerequisites as unknown as Control,
  mtaCertificates as unknown as Control,
  oldTls as unknown as Control,
  openRelay as unknown as Control,
  peerVerification as unknown as Control,
  plaintextPasswords as unknown as Control,
  poodleRelease as unknown as Control,
  postgresqlCertificateExpiry as unknown as Control,
  postgresqlTls as unknown as Control,
  privateKeyAccess as unknown as Control,
  reloadFailures as unknown as Control,
  rootUmask as unknown as Control,
  secretFileAccess as unknown as Control,
  securecredsEnabled as unknown as Control,
  selfSignedCertificates as unknown as Control,
  solarisWebuiVhost as unknown as Control,
  sslv2 as unknown as Control,
  sslv3Inbound as unknown as Control,
  sslv3Outbound as unknown as Control,
  starttlsInjection as unknown as Control,
  tlsEngineMismatch as unknown as Control,
  useSslStarttls as unknown as Control,
  weakCiphers as unknown as Control,
  webuiCertificateExpiry as unknown as Control,
  webuiTls as unknown as Control,
];
