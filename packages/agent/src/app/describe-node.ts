import { hostname } from 'node:os';
import { plainText } from '@castellan/shared/model/bounds';
import type { HeldConfiguration } from '@castellan/shared/model/configuration';
import type { NodeDescription } from '@castellan/shared/model/node';
import { type FactStates, factsOf } from '../engine/collect.js';
// The facts' types come with the collectors that the registry holds.
import type {} from '../registry/collectors.generated.js';
import type { CollectSettings } from '../units/fact.js';

/** What the agent says of its node, from what could be collected; what could not is null or `unknown`. */
export function describeNode(states: FactStates, settings: CollectSettings): NodeDescription {
  const { install, momentumVersion } = factsOf(['install', 'momentumVersion'], states) as Partial<
    ReturnType<typeof factsOf>
  >;
  return {
    name: told(install?.nodeName ?? settings.nodeName ?? hostname(), 253),
    roles: [...(install?.roles ?? [])],
    os: told(install?.os.pretty ?? 'unknown', 256),
    momentum: { version: toldOrNull(momentumVersion?.version), from: momentumVersion?.from ?? 'unknown' },
    tls: {
      library: momentumVersion?.tlsLibrary.name ?? null,
      version: toldOrNull(momentumVersion?.tlsLibrary.version),
    },
  };
}

/** What the last look found of the working copy; undefined: it is not known, or there is none. */
export function heldConfiguration(states: FactStates): HeldConfiguration | undefined {
  const { configSync } = factsOf(['configSync'], states) as Partial<ReturnType<typeof factsOf>>;
  return configSync?.copy.kind === 'known' ? configSync.copy.value : undefined;
}

/** These texts come from files of the node: too long or odd, they must not keep it from being heard. */
function told(text: string, lengthMax: number): string {
  return plainText(text.slice(0, lengthMax));
}

function toldOrNull(text: string | null | undefined): string | null {
  return text ? told(text, 64) : null;
}
