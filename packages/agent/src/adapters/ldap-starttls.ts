/** LDAPMessage { 1, ExtendedRequest "1.3.6.1.4.1.1466.20037" } (RFC 4511, 4.14.1). */
export const LDAP_STARTTLS = Buffer.concat([
  Buffer.from('301d02010177188016', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20037', 'latin1'),
]);

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const ENUMERATED = 0x0a;
const EXTENDED_RESPONSE = 0x78;

interface Element {
  readonly tag: number;
  readonly value: Buffer;
  readonly rest: Buffer;
}

/** Whether nothing more has to come: a whole message, or what can be none. */
export function isWholeMessage(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  if (bytes[0] !== SEQUENCE) return true;
  if (bytes.length < 2) return false;
  const octets = (bytes[1] ?? 0) & 0x80 ? (bytes[1] ?? 0) & 0x7f : 0;
  if (octets > 4) return true;
  return bytes.length >= 2 + octets && element(bytes) !== null;
}

/** Of an ExtendedResponse; OpenLDAP writes short lengths, Active Directory long ones. Null: it is none, or not alone. */
export function resultCode(bytes: Buffer): number | null {
  const message = element(bytes);
  // Words behind the answer would be somebody's who is not in TLS yet.
  if (message?.tag !== SEQUENCE || message.rest.length > 0) return null;
  const id = element(message.value);
  if (id?.tag !== INTEGER) return null;
  const response = element(id.rest);
  if (response?.tag !== EXTENDED_RESPONSE) return null;
  const code = element(response.value);
  return code?.tag === ENUMERATED && code.value.length === 1 ? (code.value[0] ?? null) : null;
}

/** One element of BER with a definite length of at most four octets; null: it is not whole. */
function element(bytes: Buffer): Element | null {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return null;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4 || first === 0x80 || bytes.length < 2 + octets) return null;
  const length = octets === 0 ? first : bytes.readUIntBE(2, octets);
  const end = 2 + octets + length;
  if (end > bytes.length) return null;
  return { tag, value: bytes.subarray(2 + octets, end), rest: bytes.subarray(end) };
}
