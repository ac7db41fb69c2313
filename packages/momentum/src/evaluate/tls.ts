import { formatScope, type ScopeStep, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { optionExists } from '../options/table.js';
import { parseBoolean } from '../values/boolean.js';
import type { TlsLibrary } from '../values/library-protocols.js';
import { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
import { childrenOfType, modelOf, type Scope } from './model.js';
import { type OutboundPath, outboundTlsPaths } from './tls-outbound.js';
import { holdsUnread } from './unread.js';

/** One scope that speaks TLS, or could. Inbound `plain` and outbound `none` speak no TLS. */
export interface TlsScope {
  readonly direction: 'inbound' | 'outbound';
  readonly path: readonly ScopeStep[];
  /** As `config locate` prints it. */
  readonly label: string;
  readonly at: { readonly file: string; readonly line: number } | null;
  /** `enable = false` switches a listen off. */
  readonly enabled: boolean;
  readonly posture: 'plain' | 'starttls' | 'implicit' | 'none' | 'opportunistic' | 'required' | 'unknown';
  readonly library: TlsLibrary;
  setting(option: string): Evaluation;
}

/** What the view of TLS depends on besides the files. */
export interface TlsOptions {
  /** A release that has no tls_engine uses OpenSSL, whatever the file says; defaults are those of the release. */
  readonly momentumVersion?: string;
}

/** Listeners that can speak TLS; the console's has none (Manual, conf.aaa). */
const TLS_LISTENERS = ['esmtp_listener', 'http_listener', 'ecstream_listener', 'xmpp_listener'];

/**
 * Every scope whose TLS can differ: listens and the peers that set something of their own, pathways, the outbound
 * default, and the bindings and domains that differ from it.
 */
export function tlsScopes(config: Config, options: TlsOptions = {}): readonly TlsScope[] {
  const running = { engine: engineOf(config, options), momentumVersion: options.momentumVersion };
  // Several controls ask the same of one configuration, which may be large.
  let known = scopesByRelease.get(config);
  if (!known) {
    known = new Map();
    scopesByRelease.set(config, known);
  }
  const release = options.momentumVersion ?? '';
  const scopes = known.get(release) ?? findScopes(config, running);
  known.set(release, scopes);
  return scopes;
}

const scopesByRelease = new WeakMap<Config, Map<string, readonly TlsScope[]>>();

/** What reads the configuration: the library of SMTP, and the release whose defaults hold. */
interface Running extends EvaluateOptions {
  readonly engine: TlsLibrary;
}

/** Listens with peers, and bindings with domains, are products: no more of either are inspected. A peer asks all others. */
export const TLS_PATHS_MAX = 250_000;
export const INBOUND_PATHS_MAX = 10_000;

function findScopes(config: Config, running: Running): TlsScope[] {
  const inbound = inboundPaths(config);
  const outbound = outboundTlsPaths(config, TLS_PATHS_MAX);
  const scopes: TlsScope[] = [];
  for (const { scope, path } of inbound.slice(0, INBOUND_PATHS_MAX))
    scopes.push(inboundScope(config, scope, path, running));
  if (inbound.length > INBOUND_PATHS_MAX) scopes.push(unseenScope('inbound', running.engine));
  for (const path of outbound.found) scopes.push(new OutboundScope(config, path, running));
  if (outbound.isCut) scopes.push(unseenScope('outbound', running.engine));
  return scopes;
}

/** Stands for all scopes beyond the bound: nothing is known of any of their settings. */
function unseenScope(direction: TlsScope['direction'], library: TlsScope['library']): TlsScope {
  const why = `there are more than ${direction === 'inbound' ? INBOUND_PATHS_MAX : TLS_PATHS_MAX} ${direction} scopes; not all were inspected`;
  return {
    direction,
    path: [],
    label: `further ${direction} scopes`,
    at: null,
    enabled: true,
    posture: 'unknown',
    library,
    setting: (option) => ({
      option: option.toLowerCase(),
      scope: [],
      value: null,
      text: null,
      set: false,
      origin: { kind: 'default' },
      indeterminate: true,
      why,
      ignored: null,
      candidates: [],
      chain: [],
    }),
  };
}

function engineOf(config: Config, { momentumVersion }: TlsOptions): TlsScope['library'] {
  if (momentumVersion !== undefined && optionExists('tls_engine', momentumVersion) === false)
    return 'openssl';
  return evaluate(config, [], 'tls_engine').text?.toLowerCase() === 'gnutls' ? 'gnutls' : 'openssl';
}

interface InboundPath {
  readonly scope: Scope;
  readonly path: readonly ScopeStep[];
}

/** Some more than INBOUND_PATHS_MAX at most: the last listen's. */
function inboundPaths(config: Config): InboundPath[] {
  const root = modelOf(config);
  const mayDiffer = (scope: Scope) => setsTls(scope) || holdsUnread(config, scope.path);
  const groups = childrenOfType(root, 'pathway_group');
  const pathways = [
    ...childrenOfType(root, 'pathway'),
    ...groups.flatMap((group) => childrenOfType(group, 'pathway')),
  ];
  const found: InboundPath[] = [];
  for (const listener of TLS_LISTENERS.flatMap((type) => childrenOfType(root, type)))
    addListener(found, listener, mayDiffer);
  for (const scope of pathways.filter(mayDiffer)) found.push({ scope, path: scope.path });
  return found;
}

function addListener(found: InboundPath[], listener: Scope, mayDiffer: (scope: Scope) => boolean): void {
  const listens = childrenOfType(listener, 'listen');
  if (listens.length === 0) found.push({ scope: listener, path: listener.path });
  const shared = childrenOfType(listener, 'peer').filter(mayDiffer);
  for (const listen of listens) {
    if (found.length > INBOUND_PATHS_MAX) return;
    found.push({ scope: listen, path: listen.path });
    const own = childrenOfType(listen, 'peer');
    const names = new Set(own.map((peer) => peer.step?.name?.toLowerCase()));
    const inherited = shared.filter((peer) => !names.has(peer.step?.name?.toLowerCase()));
    for (const scope of [...own.filter(mayDiffer), ...inherited])
      found.push({ scope, path: [...listen.path, ...scope.path.slice(-1)] });
  }
}

/** A peer or pathway that says nothing of TLS has that of the listen around it. */
function setsTls(scope: Scope): boolean {
  return [...scope.options.keys()].some((name) =>
    /^tls|^(use_ssl|smtp_extensions|starttls_injection_policy|pathway)$/.test(name),
  );
}

function inboundScope(config: Config, scope: Scope, path: readonly ScopeStep[], running: Running): TlsScope {
  const setting = (option: string) => evaluate(config, path, option, running);
  const listener = path[0]?.type ?? '';
  const isPathway = path.at(-1)?.type === 'pathway';
  return {
    direction: 'inbound',
    path,
    label: formatScope(path),
    at: scope.at,
    enabled: parseBoolean(setting('enable').text ?? 'true') !== false,
    // A pathway is joined to connections at run time: which listener it serves is not in the file.
    posture: isPathway ? 'unknown' : inboundPosture(setting, listener),
    // GnuTLS serves SMTP only; HTTP, ECStream and XMPP keep OpenSSL (Manual 4.x, config.tls_engine).
    library: isPathway || listener === 'esmtp_listener' ? running.engine : 'openssl',
    setting,
  };
}

/** STARTTLS is offered with the extension *and* a certificate; Use_SSL is TLS from the first byte (Manual, conf.aaa). */
function inboundPosture(setting: TlsScope['setting'], listener: string): TlsScope['posture'] {
  const implicit = setting('use_ssl');
  const certificate = setting('tls_certificate');
  if (implicit.indeterminate || certificate.indeterminate) return 'unknown';
  if (parseBoolean(implicit.text ?? 'false') === true) return 'implicit';
  const hasCertificate = isInForce(certificate);
  // ASSUMED: an XMPP listener with a certificate offers STARTTLS, as the protocol has it; no page says so.
  if (listener === 'xmpp_listener') return hasCertificate ? 'starttls' : 'plain';
  if (listener !== 'esmtp_listener') return 'plain';
  const extensions = setting('smtp_extensions');
  if (extensions.indeterminate) return 'unknown';
  return namesStarttls(extensions) && hasCertificate ? 'starttls' : 'plain';
}

/** Whether smtp_extensions has STARTTLS among its words. */
export function namesStarttls({ value }: Evaluation): boolean {
  return value !== null && /(^|\s)STARTTLS(\s|$)/i.test(textOf(value));
}

/** `none` cancels a certificate that would be inherited (Manual, conf.ref.tls_certificate). */
export function isInForce({ text }: Evaluation): boolean {
  return text !== null && text.toLowerCase() !== 'none';
}

const OUTBOUND_POSTURES: Readonly<Record<string, TlsScope['posture']>> = {
  no: 'none',
  false: 'none',
  ifavailable: 'opportunistic',
  required: 'required',
};

/** What is asked of a scope is worked out then: a fleet's view has tens of thousands, and few are asked everything. */
class OutboundScope implements TlsScope {
  readonly direction = 'outbound';
  readonly enabled = true;
  readonly path: readonly ScopeStep[];
  readonly #config: Config;
  readonly #scope: Scope | null;
  readonly #running: Running;
  #posture: TlsScope['posture'] | null = null;

  constructor(config: Config, { path, scope, tls }: OutboundPath, running: Running) {
    if (tls !== null) this.#posture = postureOf(tls);
    this.path = path;
    this.#config = config;
    this.#scope = scope;
    this.#running = running;
  }

  get label(): string {
    return formatScope(this.path);
  }

  get at(): TlsScope['at'] {
    return this.#scope?.at ?? null;
  }

  get library(): TlsLibrary {
    return this.#running.engine;
  }

  get posture(): TlsScope['posture'] {
    this.#posture ??= outboundPosture(this.setting('tls'));
    return this.#posture;
  }

  setting(option: string): Evaluation {
    return evaluate(this.#config, this.path, option, this.#running);
  }
}

function outboundPosture(tls: Evaluation): TlsScope['posture'] {
  if (tls.indeterminate) return 'unknown';
  return postureOf(tls.text ?? '');
}

function postureOf(text: string): TlsScope['posture'] {
  return OUTBOUND_POSTURES[text.toLowerCase()] ?? 'unknown';
}
