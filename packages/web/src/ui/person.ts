/** `user:olga` is how the audit names a person; on the screen it is Olga's own name. */
export function personName(actor: string): string {
  return actor.startsWith('user:') ? actor.slice('user:'.length) : actor;
}

/** How the audit names the person of this name. */
export function actorOf(name: string): string {
  return `user:${name}`;
}
