import type { Facts } from '../../facts/facts.generated.js';

export type ServiceCertificate = Facts['serviceCertificates']['services'][number];

/** Every place of one pair: hosts and services that read the same two files take up a new one together. */
export type Chosen =
  | { readonly ok: true; readonly pairs: readonly [ServiceCertificate, ...ServiceCertificate[]] }
  | { readonly ok: false; readonly why: string };

/** The pair that is meant. `certificate`: its certificate's path; null: the service has one pair. */
export function chosenPair(
  services: readonly ServiceCertificate[],
  service: string | null,
  certificate: string | null,
): Chosen {
  const no = (why: string): Chosen => ({ ok: false, why });
  const own = services.filter(({ location }) => location.service === service);
  if (own.length === 0) return no(`this node has no ${service}`);
  const paths = [...new Set(own.map(({ location }) => location.certificatePath))];
  if (certificate === null && paths.length > 1)
    return no(
      `${service} has ${paths.length} key pairs, and which one is meant cannot be told: say it with certificate=PATH, one of ${paths.join(', ')}`,
    );
  const path = certificate ?? paths[0];
  const [first, ...more] = own.filter(({ location }) => location.certificatePath === path);
  if (!first) return no(`${service} has no certificate ${certificate}; it has ${paths.join(', ')}`);
  const others = services.filter((one) => one !== first && !more.includes(one) && isShared(one, first));
  const pairs = [first, ...more, ...others] as const;
  const apart = pairs.find((one) => !isSame(one, first));
  return apart
    ? no(
        `${apart.location.service} reads ${apart.location.certificatePath} with ${apart.location.keyPath}, and ${first.location.service} ${first.location.certificatePath} with ${first.location.keyPath}: a new pair would leave one of them with a key of another certificate`,
      )
    : { ok: true, pairs };
}

function isShared({ location: a }: ServiceCertificate, { location: b }: ServiceCertificate): boolean {
  return [a.certificatePath, a.keyPath].some((path) => path === b.certificatePath || path === b.keyPath);
}

function isSame({ location: a }: ServiceCertificate, { location: b }: ServiceCertificate): boolean {
  return a.certificatePath === b.certificatePath && a.keyPath === b.keyPath && a.owner === b.owner;
}

/** The services that have to take a new pair up. */
export function servicesOf(
  pairs: readonly ServiceCertificate[],
): ServiceCertificate['location']['service'][] {
  return [...new Set(pairs.map(({ location }) => location.service))];
}
