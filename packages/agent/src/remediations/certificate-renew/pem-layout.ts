import type { Issued } from '../../knowledge/certificates/check-issued.js';
import { pemBlocks } from '../../knowledge/certificates/pem-blocks.js';

/** What a certificate's file is to hold: the leaf, and what is sent with it unless that stands in a file of its own. */
export function certificateFile({ certificatePem, chainPems }: Issued, hasChainFile: boolean): string {
  return [certificatePem, ...(hasChainFile ? [] : chainPems)].map(ended).join('');
}

/** Null: the issuer gave none, and the file that is there is left alone. */
export function chainFile({ chainPems }: Issued): string | null {
  return chainPems.length === 0 ? null : chainPems.map(ended).join('');
}

/**
 * One file for both, in the order that it had; parameters of Diffie-Hellman, which Apache reads out of it (mod_ssl,
 * SSLCertificateFile), are kept.
 */
export function combinedFile(issued: Issued, old: string, hasChainFile: boolean): string {
  const [first] = pemBlocks(old, 'CERTIFICATE', 'PRIVATE KEY');
  const isKeyFirst = first === undefined || first.label.endsWith('PRIVATE KEY');
  const parts = [ended(issued.keyPem), certificateFile(issued, hasChainFile)];
  const kept = pemBlocks(old, 'DH PARAMETERS').flatMap(({ text }) => (text === null ? [] : [ended(text)]));
  return [...(isKeyFirst ? parts : parts.reverse()), ...kept].join('');
}

function ended(pem: string): string {
  return `${pem.trim()}\n`;
}
