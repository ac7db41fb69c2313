import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { inboundReadings, isListener, pathwayReadings } from './inbound.js';
import type { Scope } from './model.js';
import { isOutbound, outboundReadings } from './outbound.js';
import { placeAt, type Reading } from './place.js';

/** Every order in which the manual may be read for this scope, the likeliest first. Never empty. */
export function readingsOf(root: Scope, path: readonly ScopeStep[]): readonly Reading[] {
  const types = new Set(path.map((step) => step.type.toLowerCase()));
  if (isOutbound(types)) return outboundReadings(root, path);
  if (types.has('listen') || [...types].some(isListener)) return inboundReadings(root, path);
  if (types.has('pathway') || types.has('pathway_group')) return pathwayReadings(root, path);
  return [{ places: outward(root, path), because: null }];
}

/** The scope and those around it. */
function outward(root: Scope, path: readonly ScopeStep[]): Reading['places'] {
  const own = path.map((_, i) => placeAt(root, path.slice(0, path.length - i)));
  const global = placeAt(root, []);
  return path.length === 0 ? [global] : [...own, { ...global, honours: standsAtTopLevel }];
}

/** ASSUMED: a module's own option does not come from the top level; the manual describes the fallback of modules nowhere. */
function standsAtTopLevel(option: string): boolean {
  return optionInfo(option)?.scopes.includes('global') ?? true;
}
