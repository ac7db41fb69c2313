/** What changes a node's files, by its name in the port `FileWriter`. */
export const WRITE_EFFECTS: readonly string[] = [
  'createExclusive',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'chmod',
  'chown',
  'syncDirectory',
];
/** What changes the state folder, by its name in the port `StateStore`. */
export const STATE_EFFECTS: readonly string[] = ['append', 'replace', 'remove'];
