import type { FaultName } from '../lay/faults/index.js';

/** By which controls each planted fault is to be named (Castellan's own catalogue). At least one must, no other may. */
export const NAMED_BY: Readonly<Record<FaultName, readonly string[]>> = {
  'ecconfigd-certificate-expired': ['MOM-CRT-006'],
  'plaintext-password': ['MOM-CRED-001', 'MOM-CRED-006'],
  'tls-protocols': ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'],
  'old-tls': ['MOM-TLS-005'],
  'config-unreadable': ['MOM-PERM-002', 'MOM-PERM-003'],
  'root-umask': ['MOM-PERM-001'],
  'webui-key-open': ['MOM-CRT-009'],
};

export interface Seen {
  readonly control: string;
}

/** What is missing or too much among the findings of a node with these faults. Empty: each fault is named, and nothing else. */
export function misfits(faults: readonly FaultName[], findings: readonly Seen[]): string[] {
  const expected = new Set(faults.flatMap((fault) => NAMED_BY[fault]));
  const unnamed = faults.filter(
    (fault) => !NAMED_BY[fault].some((control) => findings.some((finding) => finding.control === control)),
  );
  const surplus = findings.filter(({ control }) => !expected.has(control));
  return [
    ...unnamed.map((fault) => `nothing names ${fault}`),
    ...surplus.map(({ control }) => `${control} was not planted`),
  ];
}
