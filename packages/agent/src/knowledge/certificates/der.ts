/** Just enough DER to read the first integer of a sequence (ITU-T X.690). Null for what is not that. */
export function derSequence(bytes: Buffer): Buffer | null {
  return content(bytes, 0x30);
}

/** Value of the integer at the start, without leading zero octets. */
export function derInteger(bytes: Buffer): Buffer | null {
  const value = content(bytes, 0x02);
  if (!value) return null;
  const first = value.findIndex((octet) => octet !== 0);
  return first === -1 ? null : value.subarray(first);
}

/** Octets of the value at the start with its tag and length; null: it is not whole. */
export function derLength(bytes: Buffer): number | null {
  const value = content(bytes, bytes[0] ?? 0);
  return value ? value.byteOffset - bytes.byteOffset + value.length : null;
}

function content(bytes: Buffer, tag: number): Buffer | null {
  if (bytes[0] !== tag || bytes.length < 2) return null;
  const first = bytes[1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4 || bytes.length < 2 + octets) return null;
  const length = octets === 0 ? first : bytes.readUIntBE(2, octets);
  const end = 2 + octets + length;
  return end <= bytes.length ? bytes.subarray(2 + octets, end) : null;
}
