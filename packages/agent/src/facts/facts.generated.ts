// Made by tools/gen-registry.mjs from the files of packages/agent/src/facts. Do not edit: npm run gen
import type { ConfigSyncFact } from './config-sync.js';
import type { ConfigTreeFact } from './config-tree.js';
import type { ConfigValidationFact } from './config-validation.js';
import type { ControlSocketFact } from './control-socket.js';
import type { CredentialEntriesFact } from './credential-entries.js';
import type { CredentialStoreFact } from './credential-store.js';
import type { DhParametersFact } from './dh-parameters.js';
import type { DkimKeysFact } from './dkim-keys.js';
import type { InstallFact } from './install.js';
import type { LdapClientFact } from './ldap-client.js';
import type { LdapFilesFact } from './ldap-files.js';
import type { MomentumConfigFact } from './momentum-config.js';
import type { MomentumVersionFact } from './momentum-version.js';
import type { MtaCertificatesFact } from './mta-certificates.js';
import type { PrivateKeysFact } from './private-keys.js';
import type { ReloadFailuresFact } from './reload-failures.js';
import type { SecretFilesFact } from './secret-files.js';
import type { ServedTlsFact } from './served-tls.js';
import type { ServiceCertificatesFact } from './service-certificates.js';
import type { UmaskFact } from './umask.js';
import type { WebuiHttpdFact } from './webui-httpd.js';
import type { WritablePlacesFact } from './writable-places.js';

export interface Facts {
  readonly configSync: ConfigSyncFact;
  readonly configTree: ConfigTreeFact;
  readonly configValidation: ConfigValidationFact;
  readonly controlSocket: ControlSocketFact;
  readonly credentialEntries: CredentialEntriesFact;
  readonly credentialStore: CredentialStoreFact;
  readonly dhParameters: DhParametersFact;
  readonly dkimKeys: DkimKeysFact;
  readonly install: InstallFact;
  readonly ldapClient: LdapClientFact;
  readonly ldapFiles: LdapFilesFact;
  readonly momentumConfig: MomentumConfigFact;
  readonly momentumVersion: MomentumVersionFact;
  readonly mtaCertificates: MtaCertificatesFact;
  readonly privateKeys: PrivateKeysFact;
  readonly reloadFailures: ReloadFailuresFact;
  readonly secretFiles: SecretFilesFact;
  readonly servedTls: ServedTlsFact;
  readonly serviceCertificates: ServiceCertificatesFact;
  readonly umask: UmaskFact;
  readonly webuiHttpd: WebuiHttpdFact;
  readonly writablePlaces: WritablePlacesFact;
}
