/** Texts of a frame: each behind its length in four bytes, big end first. */
export function encodeFields(fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = typeof field === 'string' ? Buffer.from(field) : field;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Null: it is not whole. */
export function decodeFields(body: Buffer): Buffer[] | null {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    if (body.length - at < 4) return null;
    const end = at + 4 + body.readUInt32BE(at);
    if (end > body.length) return null;
    fields.push(body.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
