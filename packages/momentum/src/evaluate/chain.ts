import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { inboundReadings, isListener, pathwayReadings } from './inbound.js';
import type { Scope } from './model.js';
import { isOutbound, outboundReadings } from './outbound.js';
import { placeAt, type Reading } from './place.js';

/** Every order in which the manual may be read for this scope, the likeliest first. Never empty. */
export function readingsOf(root: Scope, path: readonly ScopeStep[], option: string): readonly Reading[] {
  const types = new Set(path.map((step) => step.type.toLowerCase()));
  if (isOutbound(types)) return outboundReadings(root, path, option);
  if (types.has('listen') || [...types].some(isListener)) return inboundReadings(root, path, option);
  if (types.has('pathway') || types.has('pathway_group')) return pathwayReadings(root, path, option);
  return [
    { places: outward(path, option).map((scope) => placeAt(root, scope, option)), because: null, notes: [] },
  ];
}

/**
 * The scope and those around it. A module's own option does not come from the top level, unless the option is one that
 * stands there. ASSUMED: the manual describes the fallback of modules nowhere.
 */
function outward(path: readonly ScopeStep[], option: string): (readonly ScopeStep[])[] {
  const scopes = path.map((_, i) => path.slice(0, path.length - i));
  const info = optionInfo(option);
  return path.length === 0 || info === null || info.scopes.includes('global') ? [...scopes, []] : scopes;
}
