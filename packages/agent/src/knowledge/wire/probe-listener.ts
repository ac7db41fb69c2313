import { X509Certificate } from 'node:crypto';
import type { ParsedCertificate } from '../../facts/parts/pem-evidence.js';
import type { KindAnswer, ServedTls, VersionAnswer, WireVersion } from '../../facts/parts/served-tls.js';
import type { InjectionResult, Unseen } from '../../ports/net.js';
import { parsed } from '../certificates/pem-reader.js';
import { refusalOf, type Told, versionAnswer } from './answer.js';
import { Asker, type AskerPorts, type Target } from './asker.js';
import type { DheParameters } from './flight.js';
import { clientHello, sslv2Hello } from './hello.js';
import { bitsOf, groupOf, isPrime, sha256Of } from './primes.js';
import {
  CBC,
  DHE,
  isCbc,
  isEcdhe,
  RARE,
  SSLV2_SUITES,
  sslv2Kinds,
  suiteName,
  TLS13,
  USUAL,
  WEAK_SUITES,
  weakKinds,
} from './suites.js';

type Classic = Exclude<WireVersion, 'SSLv2' | 'TLSv1.3'>;
const CLASSIC: readonly Classic[] = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2'];
/** As many kinds of weak suites as there are, and one for the refusal. */
const WEAK_ROUNDS_MAX = 8;

/** Versions alone, or everything that a listener can be asked. */
export type Depth = 'versions' | 'all';

/** Asks one of the node's listeners what it offers. `Unseen`: not even its first hello could be sent. */
export async function probeListener(
  ports: AskerPorts,
  target: Target,
  depth: Depth = 'all',
): Promise<ServedTls | Unseen> {
  const asker = new Asker(ports, target);
  const hello = (version: Exclude<WireVersion, 'SSLv2'>, suites: readonly number[]) =>
    clientHello({
      version,
      suites: version === 'SSLv3' ? suites.filter(isOfSslv3) : suites,
      servername: target.servername,
    });
  const told = new Map<WireVersion, Told>();
  // The newest first: what a listener of today answers shows that it speaks TLS at all.
  told.set('TLSv1.3', await asker.ask(hello('TLSv1.3', [...TLS13, ...USUAL])));
  if (asker.unseen) return asker.unseen;
  for (const version of CLASSIC.toReversed())
    told.set(version, await asker.askAll([hello(version, USUAL), hello(version, RARE)]));
  told.set('SSLv2', await asker.ask(sslv2Hello()));
  const versions = [...told]
    .map(([version, one]) => versionAnswer(version, one, asker.speaksTls))
    .toReversed();
  const offered = CLASSIC.filter((one) => isOffered(versions, one));
  const seen = chainOf(told, offered);
  const served: ServedTls = {
    versions,
    cbcUnderSslv3: null,
    dhe: null,
    weak: null,
    chain: seen,
    injection: null,
    connections: asker.connections,
  };
  return depth === 'versions' ? served : askRest({ asker, ports, target, hello, told, offered }, served);
}

interface Probe {
  readonly asker: Asker;
  readonly ports: AskerPorts;
  readonly target: Target;
  readonly told: ReadonlyMap<WireVersion, Told>;
  readonly offered: readonly Classic[];
  hello(version: Classic, suites: readonly number[]): Buffer;
}

async function askRest(probe: Probe, served: ServedTls): Promise<ServedTls> {
  const { asker, ports, target, offered } = probe;
  const primes: DheParameters[] = [...probe.told.values()].flatMap(primeOf);
  const dhe = await askDhe(probe, primes);
  const weak = await askWeak(probe, primes);
  const cbcUnderSslv3 = offered.includes('SSLv3') ? await askCbc(probe) : null;
  const chain = served.chain.length > 0 || !asker.speaksTls ? served.chain : await leafOf(probe);
  const injection =
    target.preamble === 'smtp' ? await asker.once((request) => ports.net.injectStarttls(request)) : null;
  return {
    ...served,
    cbcUnderSslv3,
    dhe: dhe && { ...dhe, ...(await smallest(primes)) },
    weak,
    chain,
    injection: injection && injectionOf(injection),
    connections: asker.connections,
  };
}

/** At the newest version, and at TLS 1.0, where some servers keep another prime. */
async function askDhe({ asker, hello, offered }: Probe, primes: DheParameters[]): Promise<KindAnswer | null> {
  const newest = offered.at(-1);
  if (newest === undefined) return null;
  const versions = new Set<Classic>([newest, ...offered.filter((one) => one === 'TLSv1.0')]);
  let answer: KindAnswer | null = null;
  for (const version of versions) {
    const told = await asker.ask(hello(version, DHE));
    primes.push(...primeOf(told));
    const one = kindAnswer(told, asker.speaksTls);
    if (answer === null || one.answer === 'offered' || answer.answer === 'not-offered') answer = one;
  }
  return answer;
}

/** SSL 2.0 says all that it has. At the oldest version of the others, which lets the most in: what was chosen is taken out, until nothing is. */
async function askWeak(
  { asker, hello, offered, told: versions }: Probe,
  primes: DheParameters[],
): Promise<ServedTls['weak']> {
  const old = versions.get('SSLv2');
  const ofSslv2 = old?.kind === 'sslv2' ? old.suites.filter((code) => sslv2Kinds(code).length > 0) : [];
  const kinds = new Set<string>(ofSslv2.flatMap(sslv2Kinds));
  const suites = ofSslv2.map((code) => SSLV2_SUITES.get(code) ?? '');
  const [oldest] = offered;
  if (oldest === undefined)
    return kinds.size === 0 ? null : { answer: 'offered', reason: 'SERVER-HELLO', kinds: [...kinds], suites };
  let left = WEAK_SUITES.filter((code) => weakKinds(code).some((kind) => !kinds.has(kind)));
  for (let round = 0; round < WEAK_ROUNDS_MAX; round += 1) {
    const told = await asker.ask(hello(oldest, left));
    const chosen = told.kind === 'hello' && left.includes(told.suite) ? told.suite : null;
    if (chosen === null) {
      const last = kindAnswer(told, asker.speaksTls, left);
      if (kinds.size === 0) return { ...last, kinds: [], suites };
      // What was accepted is certain, whatever became of the last question.
      const reason = last.answer === 'not-offered' ? 'ServerHello' : `others are not known: ${last.reason}`;
      return { answer: 'offered', reason, kinds: [...kinds], suites };
    }
    primes.push(...primeOf(told));
    suites.push(suiteName(chosen));
    for (const kind of weakKinds(chosen)) kinds.add(kind);
    left = left.filter((code) => weakKinds(code).some((kind) => !kinds.has(kind)));
    if (left.length === 0) break;
  }
  return { answer: 'offered', reason: 'ServerHello', kinds: [...kinds], suites };
}

/** POODLE needs one: the list that is offered first may have been answered with RC4. */
async function askCbc({ asker, hello, told }: Probe): Promise<KindAnswer> {
  const first = told.get('SSLv3');
  if (first?.kind === 'hello' && isCbc(first.suite))
    return { answer: 'offered', reason: suiteName(first.suite) };
  return kindAnswer(await asker.ask(hello('SSLv3', CBC)), asker.speaksTls);
}

/** A server that chooses what was not asked for has not understood. */
function kindAnswer(told: Told, speaksTls: boolean, asked?: readonly number[]): KindAnswer {
  if (told.kind === 'hello')
    return asked && !asked.includes(told.suite)
      ? { answer: 'inconclusive', reason: `${suiteName(told.suite)} was not asked for` }
      : { answer: 'offered', reason: suiteName(told.suite) };
  if (told.kind === 'sslv2') return { answer: 'inconclusive', reason: 'answered in SSL 2.0' };
  return refusalOf(told, speaksTls);
}

function primeOf(told: Told): DheParameters[] {
  return told.kind === 'hello' && told.flight.dhe ? [told.flight.dhe] : [];
}

async function smallest(primes: readonly DheParameters[]) {
  const [least] = primes.toSorted((a, b) => bitsOf(a.prime) - bitsOf(b.prime));
  if (!least) return { bits: null, primeSha256: null, group: null, isPrime: null };
  const { prime } = least;
  return {
    bits: bitsOf(prime),
    primeSha256: sha256Of(prime),
    group: groupOf(prime),
    isPrime: await isPrime(prime),
  };
}

function isOffered(versions: readonly VersionAnswer[], version: WireVersion): boolean {
  return versions.some((one) => one.version === version && one.answer === 'offered');
}

/** Up to TLS 1.2 it is shown in clear: of the newest that has one. */
function chainOf(told: ReadonlyMap<WireVersion, Told>, offered: readonly Classic[]): ParsedCertificate[] {
  for (const version of offered.toReversed()) {
    const one = told.get(version);
    const chain = one?.kind === 'hello' ? one.flight.chain.flatMap(certificateOf) : [];
    if (chain.length > 0) return chain;
  }
  const old = told.get('SSLv2');
  return old?.kind === 'sslv2' ? old.chain.flatMap(certificateOf) : [];
}

async function leafOf({ asker, ports }: Probe): Promise<ParsedCertificate[]> {
  const result = await asker.once((request) => ports.net.probeTls(request));
  return result.kind === 'served' ? certificateOf(result.leafDer) : [];
}

/** None: it is no certificate that can be read. */
function certificateOf(der: Buffer): ParsedCertificate[] {
  try {
    return [parsed(new X509Certificate(der))];
  } catch {
    return [];
  }
}

function injectionOf(
  result: InjectionResult | { readonly kind: 'stopped'; readonly why: string },
): ServedTls['injection'] {
  if (result.kind === 'carried-out')
    return { kind: 'carried-out', detail: 'a command sent in clear text is answered inside TLS' };
  if (result.kind === 'ignored') return { kind: 'ignored', detail: 'the command is passed over' };
  if (result.kind === 'stopped') return { kind: 'inconclusive', detail: result.why };
  return { kind: result.kind === 'rejected' ? 'rejected' : 'inconclusive', detail: result.detail };
}

/** Suites of SSL 3.0 are those of before 2004: no elliptic curves, no GCM, no SHA-2. */
function isOfSslv3(code: number): boolean {
  return code < 0x00a0 && !isEcdhe(code) && !/SHA256|SHA384|GCM/.test(suiteName(code));
}
