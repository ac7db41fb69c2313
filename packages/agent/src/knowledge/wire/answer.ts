import type { VersionAnswer, WireAnswer, WireVersion } from '../../facts/parts/served-tls.js';
import type { ExchangeResult } from '../../ports/net.js';
import { decodeFlight, type TlsFlight } from './flight.js';
import { CODE_OF } from './hello.js';
import { SSLV2_SUITES, suiteName } from './suites.js';

/** What came of one hello. */
export type Told =
  | { readonly kind: 'hello'; readonly version: number; readonly suite: number; readonly flight: TlsFlight }
  | { readonly kind: 'sslv2'; readonly suites: readonly number[]; readonly chain: readonly Buffer[] }
  /** A fatal alert instead of a ServerHello. */
  | { readonly kind: 'alert'; readonly alert: number }
  /** Ended right after the hello without a byte: how old servers refuse, and how overloaded ones do. */
  | { readonly kind: 'ended'; readonly how: 'closed' | 'reset' }
  | { readonly kind: 'unclear'; readonly reason: string };

/** handshake_failure, illegal_parameter, protocol_version, internal_error, inappropriate_fallback: what refuses a hello. */
const REFUSING: readonly number[] = [40, 47, 70, 80, 86];
export const HANDSHAKE_FAILURE = 40;

export function toldBy(result: Extract<ExchangeResult, { kind: 'heard' }>, timeoutMs: number): Told {
  const flight = decodeFlight(result.bytes);
  if (flight.kind === 'sslv2') return { kind: 'sslv2', suites: flight.suites, chain: flight.chain };
  if (flight.kind === 'not-tls') return { kind: 'unclear', reason: 'the answer is not TLS' };
  if (flight.kind === 'tls' && flight.hello) return { kind: 'hello', ...flight.hello, flight };
  if (flight.kind === 'tls' && flight.alert !== null) return { kind: 'alert', alert: flight.alert };
  if (result.end === 'silent') return { kind: 'unclear', reason: `no answer in ${timeoutMs} ms` };
  // Closed in the middle of an answer proves nothing.
  if (result.bytes.length > 0 || result.end === 'enough' || result.end === 'too-long')
    return { kind: 'unclear', reason: 'the answer broke off' };
  return { kind: 'ended', how: result.end };
}

/** Whether it shows that TLS, of whatever version, is spoken there. */
export function isOfTls(told: Told): boolean {
  return told.kind === 'hello' || told.kind === 'sslv2' || told.kind === 'alert';
}

/** `speaksTls`: the same listener has answered another hello in this probe. */
export function versionAnswer(version: WireVersion, told: Told, speaksTls: boolean): VersionAnswer {
  const say = (answer: WireAnswer, reason: string, cipher: string | null = null): VersionAnswer => ({
    version,
    answer,
    reason,
    cipher,
  });
  if (told.kind === 'sslv2')
    return version === 'SSLv2'
      ? say(
          'offered',
          told.suites.length > 0 ? 'SERVER-HELLO' : 'SERVER-HELLO without ciphers',
          sslv2Name(told.suites),
        )
      : say('inconclusive', 'answered in SSL 2.0');
  // Whatever a server of TLS says to an SSL 2.0 hello in its own records, it is no SERVER-HELLO.
  if (told.kind === 'alert' && version === 'SSLv2') return say('not-offered', `alert ${told.alert}`);
  if (told.kind !== 'hello') {
    const refusal = refusalOf(told, speaksTls);
    return say(refusal.answer, refusal.reason);
  }
  // Whoever answers an SSL 2.0 hello in TLS has understood it, and does not speak SSL 2.0.
  if (version === 'SSLv2') return say('not-offered', 'answered in TLS');
  const wanted = CODE_OF[version];
  if (told.version === wanted) return say('offered', 'ServerHello', suiteName(told.suite));
  return told.version < wanted && told.version >= CODE_OF.SSLv3
    ? say('not-offered', `answered in ${versionName(told.version)}`)
    : say('inconclusive', `answered in version ${told.version.toString(16)}`);
}

/** Of what is no ServerHello. */
export function refusalOf(
  told: Exclude<Told, { kind: 'hello' | 'sslv2' }>,
  speaksTls: boolean,
): { readonly answer: WireAnswer; readonly reason: string } {
  if (told.kind === 'alert')
    return {
      answer: REFUSING.includes(told.alert) ? 'not-offered' : 'inconclusive',
      reason: `alert ${told.alert}`,
    };
  if (told.kind === 'unclear') return { answer: 'inconclusive', reason: told.reason };
  return speaksTls
    ? { answer: 'not-offered', reason: `${told.how} right after the hello` }
    : { answer: 'inconclusive', reason: `${told.how} before any answer` };
}

export function versionName(code: number): string {
  return Object.entries(CODE_OF).find(([, one]) => one === code)?.[0] ?? `0x${code.toString(16)}`;
}

function sslv2Name(suites: readonly number[]): string | null {
  const [first] = suites;
  return first === undefined ? null : (SSLV2_SUITES.get(first) ?? `0x${first.toString(16).padStart(6, '0')}`);
}
