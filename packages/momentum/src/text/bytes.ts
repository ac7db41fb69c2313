import { Buffer, isAscii } from 'node:buffer';

/** How bytes became a text: `latin1` is one character a byte, for what is not UTF-8. */
export type Encoding = 'utf-8' | 'latin1';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text so that every byte comes back: UTF-8 where it is valid, else one character a byte. */
export function decodeBytes(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  // Nearly every configuration is, and that is copied as it is: a large one in a tenth of the time.
  if (isAscii(bytes)) return { text: latin1(bytes), encoding: 'utf-8' };
  try {
    return { text: strictUtf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: latin1(bytes), encoding: 'latin1' };
  }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

/** The bytes that `decodeBytes` made the text of. A character that `latin1` lacks loses its upper bits: check before. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
