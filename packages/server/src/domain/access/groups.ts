export const GROUP_WORDS = 'a group has letters, digits and . _ -, at most 64';

/** Whether a group of nodes may be called so. */
export function isGroup(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}
