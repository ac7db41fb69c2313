const ONE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a text that holds one or several, in their order; none when there is none. */
export function certificatesIn(bundlePem: string): readonly string[] {
  return (bundlePem.match(ONE) ?? []).map((one) => `${one}\n`);
}

/** Several certificates (PEM) as one text. */
export function bundleOf(pems: readonly string[]): string {
  return pems.map((pem) => `${pem.trim()}\n`).join('');
}
