import type { ServedTls, WireVersion } from '../../facts/parts/served-tls.js';
import type { WireSays } from './with-served.js';

const RELOAD = 'config reload, and a look at what listens there';

/** Whether any of these versions is answered. */
export function versionsServed({ versions }: ServedTls, forbidden: readonly WireVersion[]): WireSays {
  const asked = versions.filter(({ version }) => forbidden.includes(version));
  if (asked.length === 0) return { kind: 'silent' };
  const on = asked.filter(({ answer }) => answer === 'offered');
  if (on.length > 0)
    return {
      kind: 'fault',
      found: on.map(({ version, cipher }) => `${version} (${cipher ?? 'no cipher'})`).join(', '),
      proposed: RELOAD,
    };
  const unclear = asked.find(({ answer }) => answer === 'inconclusive');
  if (unclear) return { kind: 'unclear', reason: `${unclear.version}: ${unclear.reason}` };
  return {
    kind: 'ok',
    found: asked.map(({ version, reason }) => `${version} refused (${reason})`).join(', '),
  };
}

export function weakServed({ weak }: ServedTls): WireSays {
  if (weak === null) return { kind: 'silent' };
  if (weak.answer === 'offered')
    return { kind: 'fault', found: `${weak.kinds.join(', ')} (${weak.suites.join(', ')})`, proposed: RELOAD };
  return weak.answer === 'not-offered'
    ? { kind: 'ok', found: `no weak cipher (${weak.reason})` }
    : { kind: 'unclear', reason: `weak ciphers: ${weak.reason}` };
}

/** Of the disk and the wire: whether a command behind STARTTLS is carried out. */
export function injectionServed({ injection }: ServedTls): WireSays {
  if (injection === null) return { kind: 'silent' };
  if (injection.kind === 'carried-out')
    return {
      kind: 'fault',
      found: 'a command sent in clear text behind STARTTLS, carried out inside TLS (CVE-2011-0411)',
      proposed: RELOAD,
    };
  return injection.kind === 'inconclusive'
    ? { kind: 'unclear', reason: injection.detail }
    : { kind: 'ok', found: `a command behind STARTTLS is ${injection.kind}` };
}

export function dheServed({ dhe }: ServedTls): WireSays {
  if (dhe === null) return { kind: 'silent' };
  if (dhe.answer === 'offered') return { kind: 'ok', found: `DHE of ${dhe.bits ?? 'unknown'} bits` };
  return dhe.answer === 'inconclusive'
    ? { kind: 'unclear', reason: `DHE: ${dhe.reason}` }
    : { kind: 'fault', found: `no DHE cipher (${dhe.reason})`, proposed: RELOAD, severity: 'low' };
}

/** `filePrimes`: SHA-256 of those that the files hold; a served one that is none of them is an older file's. */
export function primeServed({ dhe }: ServedTls, bitsMin: number, filePrimes: readonly string[]): WireSays {
  if (dhe === null || dhe.answer === 'not-offered') return { kind: 'silent' };
  if (dhe.bits === null) return { kind: 'unclear', reason: `DHE: ${dhe.reason}` };
  const found = `DHE of ${dhe.bits} bits${dhe.group === null ? '' : `, ${dhe.group}`}`;
  const proposed = 'parameters of 2048 bits or more, and a restart';
  if (dhe.isPrime === false)
    return { kind: 'fault', found: `${found}, and the modulus is no prime`, proposed, severity: 'critical' };
  if (dhe.bits < 1024) return { kind: 'fault', found, proposed, severity: 'critical' };
  // One prime of many servers is worth the work of a state (Logjam, section 4).
  if (dhe.bits < bitsMin)
    return {
      kind: 'fault',
      found,
      proposed,
      severity: dhe.bits <= 1024 && dhe.group !== null ? 'high' : 'medium',
    };
  const isOthers = filePrimes.length > 0 && dhe.group === null && !filePrimes.includes(dhe.primeSha256 ?? '');
  return isOthers
    ? {
        kind: 'fault',
        found: `${found}, of another prime than the file's`,
        proposed: 'a restart',
        severity: 'low',
      }
    : { kind: 'ok', found };
}
