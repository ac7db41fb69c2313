import { reloadWord } from '../../knowledge/momentum/programs.js';
import { serviceState } from '../../knowledge/momentum/service-state.js';
import type { PlanContext } from '../../units/remediation.js';
import type { ReloadWord, ServedCertificate } from '../../units/step.js';
import { type ServiceCertificate, servicesOf } from './chosen.js';

type Look = PlanContext['look'];

const PROBE_MS = 5000;

/** A service that takes the pair up, and how. */
export interface Taker {
  readonly service: ServiceCertificate['location']['service'];
  /** `start`: it is down, and stays so until it has a pair. */
  readonly action: 'restart' | ReloadWord | 'start';
  readonly listener: Omit<ServedCertificate, 'fingerprints'>;
  /** What its listener shows now; null: it is down. */
  readonly shows: string | null;
}

export type Takers =
  | { readonly ok: true; readonly takers: readonly Taker[] }
  | { readonly ok: false; readonly why: string };

/** Each service of the pair: what it shows, or that its own init script calls it down. */
export async function takersOf(
  look: Look,
  pairs: readonly ServiceCertificate[],
  all: readonly ServiceCertificate[],
): Promise<Takers> {
  const takers: Taker[] = [];
  for (const service of servicesOf(pairs)) {
    const one = pairs.find(({ location }) => location.service === service);
    if (!one) continue;
    const listener = listenerOf(one, all);
    const served =
      listener.keyType === undefined
        ? one.served
        : await look.net.probeTls({ ...listener.endpoint, ...listener, timeoutMs: PROBE_MS });
    if (served.kind === 'served') {
      const action = wordFor(look, one.location) ?? 'restart';
      takers.push({ service, action, listener, shows: served.fingerprint });
      continue;
    }
    const at = `${one.location.endpoint.host}:${one.location.endpoint.port}`;
    if (served.kind !== 'closed')
      return {
        ok: false,
        why: `${at} does not answer with a certificate (${served.kind}: ${served.detail}), so nobody could tell whether the new one is served. Start ${service}, or let listeners be inspected`,
      };
    const { state, said } = await serviceState(look.exec, service);
    if (state !== 'down')
      return {
        ok: false,
        why: `nothing listens at ${at} (${served.detail}), and whether ${service} is down is not known (${said}): its settings, or its init script, must be mended first`,
      };
    takers.push({ service, action: 'start', listener, shows: null });
  }
  return { ok: true, takers };
}

/** PostgreSQL takes a new pair up without a restart from 10 on (its release notes of 10, Server Configuration). */
const POSTGRESQL_SINCE = 10;

/** Null: it has to be restarted. */
function wordFor(
  { files }: Look,
  { service, databaseVersion }: ServiceCertificate['location'],
): ReloadWord | null {
  if (service === 'msyspg' && (databaseVersion ?? 0) < POSTGRESQL_SINCE) return null;
  return reloadWord(files, service);
}

/** How the pair is seen. Beside a pair of another kind of key of the same host it is asked for by its kind. */
export function listenerOf(
  { location, key }: ServiceCertificate,
  all: readonly ServiceCertificate[],
): Omit<ServedCertificate, 'fingerprints'> {
  const { service, hostname, endpoint, certificatePath } = location;
  const hasSibling = all.some(
    ({ location: other }) =>
      other.service === service &&
      other.hostname === hostname &&
      other.endpoint.host === endpoint.host &&
      other.endpoint.port === endpoint.port &&
      other.certificatePath !== certificatePath,
  );
  const kind = key.state === 'parsed' ? key.keyType : null;
  const keyType = hasSibling && (kind === 'rsa' || kind === 'ec') ? kind : undefined;
  return { endpoint, servername: hostname, ...(keyType === undefined ? {} : { keyType }) };
}
