import { isIP } from 'node:net';
import type { PlannedSigning } from '@castellan/shared/model/plan';

/** What certificates of services may be for, and for how long. */
export interface ServicePolicy {
  /** Domains, with every name below them, and single addresses. Empty: nothing is signed. */
  readonly domains: readonly string[];
  /** No certificate is valid for longer. */
  readonly daysMax: number;
}

/** Why what a plan would have signed is beyond the policy; null: it is not. */
export function beyondPolicy(signing: PlannedSigning, policy: ServicePolicy): string | null {
  const { commonName, altNames, days } = signing;
  if (days > policy.daysMax)
    return `${days} days are more than the server's setting services.daysMax (${policy.daysMax}): plan again`;
  // Clients of Momentum's time compare the common name: it is a name as much as the others.
  const common = isIP(commonName) ? `IP:${commonName}` : `DNS:${commonName}`;
  const strange = [...new Set([common, ...altNames])].filter((name) => !isOfDomains(name, policy.domains));
  return strange.length === 0
    ? null
    : `${strange.join(', ')} is not of a domain or an address in the server's setting services.domains: an administrator must add it there`;
}

/** `DNS:*.example.com` is below example.com, and is not example.com's own. */
function isOfDomains(name: string, domains: readonly string[]): boolean {
  const [kind, value] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1).toLowerCase()];
  return domains.some((given) => {
    const domain = given.toLowerCase();
    if (kind === 'IP') return isIP(value) !== 0 && value === domain;
    return value === domain || (isIP(domain) === 0 && value.endsWith(`.${domain}`));
  });
}
