/** A second net under the masks of whoever made the text. */
export function maskValues(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '********'), text);
}

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 2)} …`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
