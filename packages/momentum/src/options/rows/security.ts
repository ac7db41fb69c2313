import type { OptionRow } from '../row.js';
import { AUTHENTICATED } from '../scopes.js';

/** Who may log in, and what the process may do. */
// biome-ignore format: one option a line
export const SECURITY_ROWS: readonly OptionRow[] = [
  { name: 'always_allow', type: 'boolean', scopes: AUTHENTICATED, default: 'false', page: 'conf.aaa' },
  { name: 'always_deny', type: 'boolean', scopes: AUTHENTICATED, default: 'false', page: 'conf.aaa' },
  { name: 'authcrammd5parameters', type: 'dictionary', scopes: ['control_listener', 'esmtp_listener', 'listen', 'pathway', 'pathway_group'], page: 'conf.aaa' },
  { name: 'authdigestmd5parameters', type: 'dictionary', scopes: [...AUTHENTICATED, 'xmpp_listener'], page: 'conf.aaa' },
  { name: 'authloginparameters', type: 'dictionary', scopes: ['control_listener', 'esmtp_listener', 'listen', 'pathway', 'pathway_group'], page: 'conf.aaa' },
  { name: 'authorizationparameters', type: 'dictionary', scopes: ['control_listener', 'esmtp_listener', 'listen'], page: 'conf.aaa' },
  { name: 'authplainparameters', type: 'dictionary', scopes: ['esmtp_listener', 'http_listener', 'listen', 'pathway', 'pathway_group', 'xmpp_listener'], page: 'conf.aaa' },
  { name: 'capabilities', type: 'text', scopes: ['security'], restart: true, page: 'conf.ref.capabilities' },
  { name: 'chroot', type: 'path', scopes: ['security'], restart: true, page: 'conf.ref.chroot' },
  { name: 'enable_authentication', type: 'boolean', scopes: AUTHENTICATED, page: 'conf.ecelerity.conf' },
  { name: 'enable_authorization', type: 'boolean', scopes: ['control_listener', 'listen', 'peer'], page: 'conf.aaa' },
  { name: 'group', type: 'text', scopes: ['security'], default: 'ecuser', restart: true, page: 'conf.ref.user' },
  { name: 'privileges', type: 'text', scopes: ['security'], since4: 'none', restart: true, page: 'conf.ref.capabilities' },
  { name: 'supplemental_groups', type: 'list', scopes: ['security'], restart: true, page: 'conf.ref.supplemental_groups' },
  { name: 'user', type: 'text', scopes: ['security'], default: 'ecuser', restart: true, page: 'conf.ref.user' },
];
