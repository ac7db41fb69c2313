/** The user that the agent runs as: only root can give a file to somebody. 0 where the system has no users. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0;
}
