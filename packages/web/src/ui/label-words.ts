/** Short forms that are written in capitals. */
const CAPITALS = new Set([
  'acl',
  'cn',
  'dh',
  'dn',
  'ec',
  'id',
  'ip',
  'pem',
  'rsa',
  'san',
  'ssl',
  'tls',
  'url',
]);

/** A name of ours as a label for people: `validDays` is "Valid days", `tlsProtocols` "TLS protocols". */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s._-]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase())
    .map((word) => (CAPITALS.has(word) ? word.toUpperCase() : word))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
