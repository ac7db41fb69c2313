import { type ScopeStep, scopeKey, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { type Evaluator, evaluatorOf, isSameAnswer } from './evaluate.js';
import { childrenOfType, modelOf, OptionNames, type Scope } from './model.js';
import { isAskedFirst } from './outbound.js';
import { holdsUnread } from './unread.js';

export interface OutboundPath {
  readonly path: readonly ScopeStep[];
  /** The scope that makes it one of its own; null: the default. */
  readonly scope: Scope | null;
  /** What TLS is there, where a line certainly decides it. */
  readonly tls: string | null;
}

/** What decides how mail is sent over TLS. */
const OUTBOUND_OPTIONS = [
  'tls',
  'tls_protocols',
  'tls_ciphers',
  'tls_certificate',
  'tls_key',
  'tls_ca',
  'tls_verify',
  'tls_ifavailable_fallback',
];
const DECIDES_TLS = new OptionNames(OUTBOUND_OPTIONS);

/** Scopes whose answers are kept to hold others against. */
const KNOWN_MAX = 256;

export interface OutboundPaths {
  readonly found: readonly OutboundPath[];
  /** There are more combinations of bindings and domains than were looked at. */
  readonly isCut: boolean;
}

/**
 * The default, then every domain, binding and binding with domain whose TLS differs from that of the scope around it.
 * Bindings times domains is a product: at most `pathsMax` paths are looked at.
 */
export function outboundTlsPaths(config: Config, pathsMax: number): OutboundPaths {
  const root = modelOf(config);
  const paths = new Paths(config, pathsMax);
  paths.add([], null);
  const domains = tlsDomains(config, root);
  for (const domain of domains) paths.addIfOwn(domain.path, domain, [[]]);
  for (const binding of bindingsOf(root)) {
    if (paths.isCut) break;
    addBinding(paths, binding, domains);
  }
  return paths;
}

/** A binding with the scopes that hand something down to it. */
interface Lane {
  readonly scope: Scope;
  /** The binding itself, its group, and a stanza of the same binding outside the group. */
  readonly sources: readonly Scope[];
  /** Those of them that certainly come before a global domain; of a group the manual does not say it. */
  readonly firm: readonly Scope[];
}

function bindingsOf(root: Scope): Lane[] {
  const bare = childrenOfType(root, 'binding');
  const bareByName = new Map<string, Scope[]>();
  for (const scope of bare) {
    const name = scope.step?.name ?? '';
    const same = bareByName.get(name);
    if (same) same.push(scope);
    else bareByName.set(name, [scope]);
  }
  const grouped = childrenOfType(root, 'binding_group').flatMap((group) => {
    const bindings = childrenOfType(group, 'binding');
    // A group without bindings sends nothing yet; what it says is still worth a warning.
    if (bindings.length === 0) return [{ scope: group, sources: [group], firm: [] }];
    return bindings.map((scope) => {
      const firm = [scope, ...(bareByName.get(scope.step?.name ?? '') ?? [])];
      return { scope, sources: [...firm, group], firm };
    });
  });
  return [...bare.map(alone), ...grouped];
}

function alone(scope: Scope): Lane {
  const only = [scope];
  return { scope, sources: only, firm: only };
}

function addBinding(paths: Paths, { scope, sources, firm }: Lane, globalDomains: readonly Scope[]): void {
  const ownDomains = domainsOf(paths.config, sources);
  const isOwn = sources.some((source) => saysOfTls(source) || holdsUnread(paths.config, source.path));
  if (isOwn) paths.addIfOwn(scope.path, scope, [[]]);
  for (const domain of ownDomains) {
    const step = domain.path.slice(-1);
    const isInside = scope.path.every((outer, i) => outer === domain.path[i]);
    paths.addIfOwn(isInside ? domain.path : [...scope.path, ...step], domain, [scope.path, step]);
  }
  // A binding that says nothing of TLS has the default's, and with a global domain that domain's.
  if (!isOwn || globalDomains.length === 0) return;
  const overruling = new Set(firm.flatMap(tlsOptionsOf));
  const known = new Set(ownDomains.map(domainName));
  for (const domain of globalDomains) {
    if (paths.isCut) return;
    if (known.has(domainName(domain))) continue;
    if (tlsOptionsOf(domain).every((option) => overruling.has(option))) continue;
    paths.addIfOwn([...scope.path, ...domain.path], domain, [scope.path, domain.path]);
  }
}

/** Of several of one name the last. */
function domainsOf(config: Config, sources: readonly Scope[]): readonly Scope[] {
  const domains = sources.flatMap((source) => tlsDomains(config, source));
  if (domains.length < 2) return domains;
  return [...new Map(domains.map((domain) => [domainName(domain), domain])).values()];
}

function domainName({ step }: Scope): string {
  return step?.name?.toLowerCase() ?? '';
}

/** The domains of a scope that say something of TLS, or may. */
function tlsDomains(config: Config, scope: Scope): Scope[] {
  return childrenOfType(scope, 'domain').filter(
    (domain) => saysOfTls(domain) || holdsUnread(config, domain.path),
  );
}

function saysOfTls(scope: Scope): boolean {
  return scope.setsAny(DECIDES_TLS);
}

function tlsOptionsOf(scope: Scope): string[] {
  return OUTBOUND_OPTIONS.filter((option) => scope.last(option) !== null);
}

/** Of each option one answer; OUTBOUND_OPTIONS are few. */
function remembering(evaluator: Evaluator): Evaluator {
  const known = new Map<string, ReturnType<Evaluator>>();
  return (option) => {
    const answer = known.get(option) ?? evaluator(option);
    known.set(option, answer);
    return answer;
  };
}

class Paths {
  readonly found: OutboundPath[] = [];
  readonly #known = new Map<string, Evaluator>();

  #left: number;

  constructor(
    readonly config: Config,
    pathsMax: number,
  ) {
    this.#left = pathsMax;
  }

  get isCut(): boolean {
    return this.#left < 0;
  }

  add(path: readonly ScopeStep[], scope: Scope | null, tls: string | null = null): void {
    this.found.push({ path, scope, tls });
  }

  /** Left out where every setting is that of one of the other scopes, decided in the same place. */
  addIfOwn(path: readonly ScopeStep[], scope: Scope, others: readonly (readonly ScopeStep[])[]): void {
    this.#left -= 1;
    if (this.isCut) return;
    if (this.#isCertainlyOwn(path, scope)) {
      const tls = scope.last('tls');
      return this.add(path, scope, tls ? textOf(tls.value) : null);
    }
    const ours = remembering(evaluatorOf(this.config, path));
    // The first setting that differs tells: the others are not asked.
    const isOfAnother = others.some((other) => {
      const theirs = this.#evaluatorOf(other);
      return OUTBOUND_OPTIONS.every((option) => isSameAnswer(theirs(option), ours(option)));
    });
    if (isOfAnother) return;
    const { set, indeterminate, text } = ours('tls');
    this.add(path, scope, set && !indeterminate ? text : null);
  }

  /** What it sets itself decides there, and nowhere else: it need not be held against others. */
  #isCertainlyOwn(path: readonly ScopeStep[], scope: Scope): boolean {
    const { config } = this;
    return (
      config.unread.length === 0 &&
      path.length === scope.path.length &&
      path.every((step, i) => step === scope.path[i]) &&
      saysOfTls(scope) &&
      isAskedFirst(modelOf(config), path)
    );
  }

  /** Of a scope that others are held against, often more than once; it remembers its answers. */
  #evaluatorOf(path: readonly ScopeStep[]): Evaluator {
    const key = path.map(scopeKey).join('\u0001');
    let evaluator = this.#known.get(key);
    if (!evaluator) {
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      evaluator = remembering(evaluatorOf(this.config, path));
      this.#known.set(key, evaluator);
    }
    return evaluator;
  }
}
