/** The types of scopes that an option of the table can stand in, and those that only hold other scopes. */
export const SCOPE_TYPES = [
  'adaptive_backstore_leveldb',
  'adaptive_backstore_riak',
  'adaptive_sweep_rule',
  'authenticate',
  'authorization',
  'binding',
  'binding_group',
  'cluster',
  'control_listener',
  'datasource',
  'debug_flags',
  'domain',
  'eccluster_listener',
  'ecstream_listener',
  'esmtp_listener',
  'eventloop',
  'global',
  'host',
  'http_listener',
  'listen',
  'logs',
  'manager',
  'msgcserver_listener',
  'pathway',
  'pathway_group',
  'peer',
  'replicate',
  'role',
  'securecreds',
  'security',
  'server',
  'snmp',
  'snmp_traps',
  'threadpool',
  'topology',
  'xmpp_listener',
] as const;

/** A type of scope that the manual describes. */
export type ScopeType = (typeof SCOPE_TYPES)[number];

const scopes = <const T extends readonly ScopeType[]>(...types: T): T => types;

/** Where mail goes out. */
export const OUTBOUND = scopes('binding', 'binding_group', 'domain', 'global');
/** Outbound, without a single domain. */
export const BINDINGS = scopes('binding', 'binding_group', 'global');
export const DOMAINS = scopes('domain', 'global');
/** A listener's connections, and what lies around them. */
const CONNECTION = scopes('listen', 'pathway', 'pathway_group', 'peer');
export const RECEPTION = scopes('esmtp_listener', ...CONNECTION);
export const RECEPTION_OR_GLOBAL = scopes('esmtp_listener', 'global', ...CONNECTION);
export const HTTP_RECEPTION = scopes('http_listener', ...CONNECTION);
export const ECSTREAM_RECEPTION = scopes('ecstream_listener', ...CONNECTION);
export const AUTHENTICATED = scopes('control_listener', 'esmtp_listener', 'http_listener', ...CONNECTION);
/** What holds for mail from all listeners that a pathway is attached to. */
export const PATHWAYS = scopes('global', 'pathway', 'pathway_group');
const LISTENERS_BUT_HTTP = scopes(
  'control_listener',
  'eccluster_listener',
  'ecstream_listener',
  'esmtp_listener',
  'listen',
  'xmpp_listener',
);
/** The sockets of listeners of all kinds, but for msgcserver_listener. */
export const SOCKETS = scopes(...LISTENERS_BUT_HTTP, 'http_listener');
export const SOCKETS_BUT_HTTP = LISTENERS_BUT_HTTP;
export const SOCKETS_OF_ALL = scopes(...SOCKETS, 'msgcserver_listener');
/** TLS as the accepting side. */
export const TLS_ACCEPTED = scopes('ecstream_listener', 'esmtp_listener', 'http_listener', ...CONNECTION);
export const TLS_ACCEPTED_OR_XMPP = scopes(...TLS_ACCEPTED, 'xmpp_listener');
