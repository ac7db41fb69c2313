import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ParsedCertificate } from '../../facts/parts/pem-evidence.js';
import { pemBlocks } from './pem-blocks.js';
import { parsed } from './pem-reader.js';

/** A pair as whoever issues gives it: the key was made on this node. */
export interface Issued {
  readonly keyPem: string;
  /** The leaf. */
  readonly certificatePem: string;
  /** The certificates above it, the nearest first; PEM each. */
  readonly chainPems: readonly string[];
}

export interface Wanted {
  /** Names that it must be good for: `DNS:mta1.example.com`, `IP:192.0.2.1`. */
  readonly altNames: readonly string[];
  readonly commonName: string;
}

/** A certificate that is not valid yet by more than this is no use now: somebody's clock is wrong. */
const NOT_YET_MS = 300_000;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CHAIN_LENGTH_MAX = 10;

/** Why a pair that was issued is not put in place; null: it is good. */
export function whyNotGood(
  { keyPem, certificatePem, chainPems }: Issued,
  wanted: Wanted,
  nowMs: number,
): string | null {
  if (chainPems.length > CHAIN_LENGTH_MAX) return `its chain has more than ${CHAIN_LENGTH_MAX} certificates`;
  const [leaf, ...above] = [certificatePem, ...chainPems].map((pem) => new X509Certificate(pem));
  if (!leaf) return 'there is none';
  if (!leaf.checkPrivateKey(createPrivateKey(keyPem))) return 'it is not of the key that was made for it';
  const seen = parsed(leaf);
  if (seen.notBeforeMs > nowMs + NOT_YET_MS) return `it is not valid before ${leaf.validFrom}`;
  if (seen.notAfterMs <= nowMs) return `it ended on ${leaf.validTo}`;
  const missing = namesMissing(seen, wanted);
  if (missing.length > 0) return `it is not good for ${missing.join(', ')}`;
  if (leaf.keyUsage && !leaf.keyUsage.includes(SERVER_AUTH)) return 'it may not be used by a server';
  return chainFault([leaf, ...above], nowMs);
}

/** Momentum itself compares the common name (Manual, conf.ref.tls_verify), so that one counts as a name too. */
function namesMissing(seen: ParsedCertificate, { altNames, commonName }: Wanted): string[] {
  const has = new Set(seen.subjectAltNames.map((name) => name.toLowerCase()));
  if (has.size === 0 && seen.commonName !== null) has.add(`dns:${seen.commonName.toLowerCase()}`);
  const own =
    seen.commonName?.toLowerCase() === commonName.toLowerCase() || has.has(`dns:${commonName.toLowerCase()}`);
  return [...(own ? [] : [commonName]), ...altNames.filter((name) => !has.has(name.toLowerCase()))];
}

function chainFault(chain: readonly X509Certificate[], nowMs: number): string | null {
  for (const [index, issuer] of chain.entries()) {
    const below = chain[index - 1];
    if (!below) continue;
    if (!below.checkIssued(issuer) || !below.verify(issuer.publicKey))
      return `its chain is broken: ${oneLine(issuer.subject)} did not sign ${oneLine(below.subject)}`;
    if (Date.parse(issuer.validTo) <= nowMs)
      return `${oneLine(issuer.subject)} of its chain ended on ${issuer.validTo}`;
  }
  return null;
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

/** The certificates of a PEM text, one each, as they stand; what is around them is left out. */
export function certificatesOf(pem: string): string[] {
  return pemBlocks(pem, 'CERTIFICATE').flatMap(({ text }) => (text === null ? [] : [`${text}\n`]));
}
