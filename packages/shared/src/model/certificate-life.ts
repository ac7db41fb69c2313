import { sha256Hex } from '../base/canonical-json.js';

/** From when to when a certificate is good, milliseconds since 1970. */
export interface CertificateLife {
  readonly from: number;
  readonly to: number;
}

/** Of its life: when a certificate is renewed at the earliest. */
const DUE_SHARE = 2 / 3;
/** Of its life: over so much the renewals of a fleet that was enrolled in one hour are spread. */
const SPREAD_SHARE = 1 / 20;

/** When the certificate is to be renewed, milliseconds since 1970. `unit` in [0, 1) is the holder's place in the spread. */
export function renewalDueAt({ from, to }: CertificateLife, unit = 0): number {
  return from + (to - from) * (DUE_SHARE + unit * SPREAD_SHARE);
}

/** A node's own place in the spread, in [0, 1): the same at each start, so that restarts put nothing off. */
export function spreadUnit(nodeId: string): number {
  return Number.parseInt(sha256Hex(nodeId).slice(0, 8), 16) / 2 ** 32;
}
