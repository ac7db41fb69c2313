import { formatScope, type ScopeStep, textOf, type Value } from '../ast/scopes.js';
import type { Config } from '../files/load.js';
import { optionInfo } from '../options/table.js';
import { chainOf, type Link } from './chain.js';
import { modelOf, scopeAt } from './model.js';

export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'default' };

export interface Candidate {
  readonly value: Value | null;
  readonly text: string | null;
  readonly origin: Origin;
  readonly where: string;
}

/** What an option is in a scope, and what decides it. With `indeterminate`, `value` is the likeliest candidate only. */
export interface Evaluation {
  readonly option: string;
  readonly scope: readonly ScopeStep[];
  readonly value: Value | null;
  /** The value in one line; null where there is none. */
  readonly text: string | null;
  readonly set: boolean;
  readonly origin: Origin;
  readonly indeterminate: boolean;
  readonly why: string;
  readonly candidates: readonly Candidate[];
  readonly chain: readonly { readonly where: string; readonly text: string | null; readonly origin: Origin | null }[];
}

/**
 * The effective value of an option, by the fallback that the manual documents (ecelerity.conf.fallback, listeners,
 * conf.ref.pathway). Where the manual leaves the order open, or a file that could decide was not read, the answer is
 * indeterminate with every candidate: never a guess.
 */
export function evaluate(config: Config, scope: readonly ScopeStep[], option: string): Evaluation {
  const name = option.toLowerCase();
  const root = modelOf(config);
  const exception = declaredHostException(root, scope, name);
  const links = exception === null ? chainOf(root, scope, name) : [];
  const deciding = links.findIndex((l) => l.assignment);
  const winner = deciding === -1 ? null : (links[deciding] ?? null);
  const fallback = exception ?? optionInfo(name)?.default ?? null;
  const base = winner ? candidateOf(winner) : { value: fallback, text: fallback, origin: { kind: 'default' } as const, where: 'default' };
  const doubts = [...doubtOfOrder(links, winner), ...doubtOfUnread(config, scope, links, deciding)];
  const rivals = winner?.doubt ? links.filter((l) => l.assignment && l !== links.at(-1)).map(candidateOf) : [base];
  return {
    option: name,
    scope,
    value: base.value,
    text: base.text,
    set: winner !== null,
    origin: base.origin,
    indeterminate: doubts.length > 0,
    why: doubts.length > 0 ? doubts.join('; ') : winner ? `set in ${winner.where}` : fallback === null ? 'not set, and the manual names no default' : 'not set: the documented default',
    candidates: doubts.length > 0 ? rivals : [],
    chain: links.map((l) => ({ where: l.where, text: l.assignment ? textOf(l.assignment.value) : null, origin: l.assignment ? originOf(l) : null })),
  };
}

/** A declared host scope that does not set it has -1, not the fallback's value (Manual, conf.ref.max_outbound_connections). */
function declaredHostException(root: ReturnType<typeof modelOf>, scope: readonly ScopeStep[], name: string): string | null {
  const host = scope.find((step) => step.type.toLowerCase() === 'host');
  if (!host || name !== 'max_outbound_connections') return null;
  const declared = scopeAt(root, [host]);
  return declared && !declared.options.has(name) ? '-1' : null;
}

function candidateOf(link: Link): Candidate {
  const value = link.assignment?.value ?? null;
  return { value, text: value === null ? null : textOf(value), origin: originOf(link), where: link.where };
}

function originOf(link: Link): Origin {
  const { assignment } = link;
  return assignment ? { kind: 'file', file: assignment.file, line: assignment.line, column: assignment.column } : { kind: 'default' };
}

/** Only a rank in doubt that would change the answer is a doubt. */
function doubtOfOrder(links: readonly Link[], winner: Link | null): string[] {
  if (!winner?.doubt) return [];
  const text = winner.assignment ? textOf(winner.assignment.value) : null;
  const rivals = links.slice(0, -1).filter((l) => l.assignment && l !== winner && !l.doubt);
  return rivals.some((l) => l.assignment && textOf(l.assignment.value) !== text) ? [winner.doubt] : [];
}

/** A file that was not read could set the option in any scope of the chain that stands in or above where it is included. */
function doubtOfUnread(config: Config, scope: readonly ScopeStep[], links: readonly Link[], deciding: number): string[] {
  const reachable = links.slice(0, deciding === -1 ? links.length : deciding + 1).map((l) => formatScope(l.scope).toLowerCase());
  const asked = formatScope(scope).toLowerCase();
  return config.unread
    .filter((unread) => {
      const at = formatScope(unread.scope).toLowerCase();
      return unread.scope.length === 0 || asked.startsWith(at) || reachable.some((place) => place.startsWith(at));
    })
    .map((unread) => `${unread.path} could not be read (${unread.problem}) and may set it`);
}
