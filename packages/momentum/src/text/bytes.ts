/** How bytes became a text: `latin1` is one character a byte, for what is not UTF-8. */
export type Encoding = 'utf-8' | 'latin1';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text so that every byte comes back: UTF-8 where it is valid, else one character a byte. */
export function decodeBytes(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  try {
    return { text: strictUtf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    const parts: string[] = [];
    for (let at = 0; at < bytes.length; at += 8192)
      parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
    return { text: parts.join(''), encoding: 'latin1' };
  }
}

/** The bytes that `decodeBytes` made the text of. A character that `latin1` lacks loses its upper bits: check before. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
