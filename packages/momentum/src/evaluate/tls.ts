import { formatScope, type ScopeStep, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { parseBoolean } from '../values/boolean.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { childrenOfType, modelOf, type Scope } from './model.js';

/**
 * One scope that speaks TLS, or could. `posture`: how it offers it. Inbound `plain` and outbound `none` speak no TLS.
 */
export interface TlsScope {
  readonly direction: 'inbound' | 'outbound';
  readonly path: readonly ScopeStep[];
  /** As `config locate` prints it. */
  readonly label: string;
  readonly at: { readonly file: string; readonly line: number } | null;
  /** `enable = false` switches a listen off. */
  readonly enabled: boolean;
  readonly posture: 'plain' | 'starttls' | 'implicit' | 'none' | 'opportunistic' | 'required' | 'unknown';
  readonly library: 'openssl' | 'gnutls';
  setting(option: string): Evaluation;
}

export const TLS_OPTIONS = ['tls_protocols', 'tls_ciphers', 'tls_certificate', 'tls_key', 'tls_ca', 'tls_client_ca', 'tls_verify', 'tls_verify_mode', 'tls_allow_renegotiation', 'use_ssl', 'starttls_injection_policy'] as const;

/** Listeners that can use GnuTLS when TLS_Engine says so; every other one keeps OpenSSL (Manual 4.x, config.tls_engine). */
const SMTP_LISTENERS = new Set(['esmtp_listener']);
const TLS_LISTENERS = ['esmtp_listener', 'http_listener', 'ecstream_listener', 'xmpp_listener'];

/**
 * Every scope whose TLS can differ: listens and their peers, pathways, the outbound default, and each binding group,
 * binding and domain that is written down.
 */
export function tlsScopes(config: Config, _options: { readonly momentumVersion?: string } = {}): TlsScope[] {
  const root = modelOf(config);
  const engine = evaluate(config, [], 'tls_engine').text?.toLowerCase() === 'gnutls' ? 'gnutls' : 'openssl';
  return [...inboundScopes(config, root, engine), ...outboundScopes(config, root, engine)];
}

function inboundScopes(config: Config, root: Scope, engine: TlsScope['library']): TlsScope[] {
  const scopes: TlsScope[] = [];
  for (const type of TLS_LISTENERS) {
    const library = SMTP_LISTENERS.has(type) ? engine : 'openssl';
    const add = (scope: Scope, path: readonly ScopeStep[] = scope.path) => scopes.push(inboundScope(config, scope, path, library));
    for (const listener of childrenOfType(root, type)) {
      const listens = childrenOfType(listener, 'listen');
      if (listens.length === 0) add(listener);
      for (const listen of listens) {
        add(listen);
        for (const peer of [...childrenOfType(listen, 'peer'), ...childrenOfType(listener, 'peer')]) {
          if (setsTls(peer)) add(peer, [...listen.path, peer.step ?? { type: 'peer', name: null }]);
        }
      }
    }
  }
  const groups = childrenOfType(root, 'pathway_group');
  const pathways = [...childrenOfType(root, 'pathway'), ...groups.flatMap((g) => childrenOfType(g, 'pathway'))];
  for (const pathway of pathways.filter(setsTls)) scopes.push(inboundScope(config, pathway, pathway.path, engine));
  return scopes;
}

function setsTls(scope: Scope): boolean {
  return TLS_OPTIONS.some((option) => scope.options.has(option));
}

function inboundScope(config: Config, scope: Scope, path: readonly ScopeStep[], library: TlsScope['library']): TlsScope {
  const setting = (option: string) => evaluate(config, path, option);
  const isPathway = path.at(-1)?.type === 'pathway';
  return {
    direction: 'inbound',
    path,
    label: formatScope(path),
    at: scope.at,
    enabled: parseBoolean(setting('enable').text ?? 'true') !== false,
    // A pathway is joined to connections at run time: which listener it serves is not in the file.
    posture: isPathway ? 'unknown' : inboundPosture(setting, path),
    library,
    setting,
  };
}

/** STARTTLS is offered with the extension *and* a certificate; Use_SSL is TLS from the first byte (Manual, conf.aaa). */
function inboundPosture(setting: TlsScope['setting'], path: readonly ScopeStep[]): TlsScope['posture'] {
  if (parseBoolean(setting('use_ssl').text ?? 'false') === true) return 'implicit';
  if (!path.some((step) => step.type === 'esmtp_listener')) return 'plain';
  const extensions = setting('smtp_extensions');
  const certificate = setting('tls_certificate');
  if (extensions.indeterminate || certificate.indeterminate) return 'unknown';
  const offers = /\bSTARTTLS\b/i.test(extensions.value === null ? '' : textOf(extensions.value));
  return offers && certificate.text !== null && certificate.text.toLowerCase() !== 'none' ? 'starttls' : 'plain';
}

function outboundScopes(config: Config, root: Scope, library: TlsScope['library']): TlsScope[] {
  const scopes: TlsScope[] = [];
  const add = (path: readonly ScopeStep[], at: TlsScope['at']) => scopes.push(outboundScope(config, path, at, library));
  add([], null);
  const domains = (scope: Scope) => childrenOfType(scope, 'domain').filter((d) => d.options.has('tls') || setsTls(d));
  for (const domain of domains(root)) add(domain.path, domain.at);
  const bindings = [...childrenOfType(root, 'binding'), ...childrenOfType(root, 'binding_group').flatMap((g) => [g, ...childrenOfType(g, 'binding')])];
  for (const binding of bindings) {
    add(binding.path, binding.at);
    for (const domain of domains(binding)) add(domain.path, domain.at);
  }
  return scopes;
}

function outboundScope(config: Config, path: readonly ScopeStep[], at: TlsScope['at'], library: TlsScope['library']): TlsScope {
  const setting = (option: string) => evaluate(config, path, option);
  const tls = setting('tls');
  const posture = tls.indeterminate ? 'unknown' : tls.text?.toLowerCase() === 'required' ? 'required' : tls.text?.toLowerCase() === 'ifavailable' ? 'opportunistic' : 'none';
  return { direction: 'outbound', path, label: formatScope(path), at, enabled: true, posture, library, setting };
}
