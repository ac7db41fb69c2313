// Made by tools/gen-registry.mjs from the folders of packages/agent/src/collectors. Do not edit: npm run gen
import type { Collector } from '../units/fact.js';
import configSync from '../collectors/config-sync/collector.js';
import configTree from '../collectors/config-tree/collector.js';
import configValidation from '../collectors/config-validation/collector.js';
import controlSocket from '../collectors/control-socket/collector.js';
import credentialEntries from '../collectors/credential-entries/collector.js';
import credentialStore from '../collectors/credential-store/collector.js';
import dhParameters from '../collectors/dh-parameters/collector.js';
import dkimKeys from '../collectors/dkim-keys/collector.js';
import install from '../collectors/install/collector.js';
import ldapClient from '../collectors/ldap-client/collector.js';
import ldapFiles from '../collectors/ldap-files/collector.js';
import momentumConfig from '../collectors/momentum-config/collector.js';
import momentumVersion from '../collectors/momentum-version/collector.js';
import mtaCertificates from '../collectors/mta-certificates/collector.js';
import privateKeys from '../collectors/private-keys/collector.js';
import reloadFailures from '../collectors/reload-failures/collector.js';
import secretFiles from '../collectors/secret-files/collector.js';
import servedTls from '../collectors/served-tls/collector.js';
import serviceCertificates from '../collectors/service-certificates/collector.js';
import umask from '../collectors/umask/collector.js';
import webuiHttpd from '../collectors/webui-httpd/collector.js';
import writablePlaces from '../collectors/writable-places/collector.js';

export const collectors: readonly Collector[] = [
  configSync as unknown as Collector,
  configTree as unknown as Collector,
  configValidation as unknown as Collector,
  controlSocket as unknown as Collector,
  credentialEntries as unknown as Collector,
  credentialStore as unknown as Collector,
  dhParameters as unknown as Collector,
  dkimKeys as unknown as Collector,
  install as unknown as Collector,
  ldapClient as unknown as Collector,
  ldapFiles as unknown as Collector,
  momentumConfig as unknown as Collector,
  momentumVersion as unknown as Collector,
  mtaCertificates as unknown as Collector,
  privateKeys as unknown as Collector,
  reloadFailures as unknown as Collector,
  secretFiles as unknown as Collector,
  servedTls as unknown as Collector,
  serviceCertificates as unknown as Collector,
  umask as unknown as Collector,
  webuiHttpd as unknown as Collector,
  writablePlaces as unknown as Collector,
];
