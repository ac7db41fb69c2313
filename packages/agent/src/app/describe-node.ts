import { hostname } from 'node:os';
import type { NodeDescription } from '@castellan/shared/model/node';
import { type FactStates, factsOf } from '../engine/collect.js';
import type { CollectSettings } from '../kit/fact.js';
// The facts' types come with the collectors that the registry holds.
import type {} from '../registry/collectors.generated.js';

/** What the agent says of its node, from what could be collected; what could not is null or `unknown`. */
export function describeNode(states: FactStates, settings: CollectSettings): NodeDescription {
  const { install, momentumVersion } = factsOf(['install', 'momentumVersion'], states) as Partial<
    ReturnType<typeof factsOf>
  >;
  return {
    name: install?.nodeName ?? settings.nodeName ?? hostname(),
    roles: [...(install?.roles ?? [])],
    os: install?.os.pretty ?? 'unknown',
    momentum: { version: momentumVersion?.version ?? null, from: momentumVersion?.from ?? 'unknown' },
    tls: {
      library: momentumVersion?.tlsLibrary.name ?? null,
      version: momentumVersion?.tlsLibrary.version ?? null,
    },
  };
}
