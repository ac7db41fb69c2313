import type { ServerMessage } from '@castellan/shared/protocol/messages';
import type { NodeLinks } from '../ports/node-links.js';
import { type Boot, isTwin, withBoot } from '../services/own-judgements.js';
import type { Admission, Session } from './session.js';

/**
 * One session for each node: the newest wins, because a half-open connection looks alive for a long time. It wins with
 * its hello, which says which start of an agent it is: two agents of one identity would throw each other off for ever.
 */
export class Sessions implements NodeLinks, Admission {
  readonly #byNode = new Map<string, Session>();
  /** Connected, and has not said hello yet: one for each node. */
  readonly #arriving = new Map<string, Session>();
  readonly #boots = new Map<string, readonly Boot[]>();

  get count(): number {
    return this.#byNode.size;
  }

  enter(session: Session): void {
    const older = this.#arriving.get(session.nodeId);
    this.#arriving.set(session.nodeId, session);
    older?.close(4001, 'a newer connection of this node');
  }

  admit(session: Session, bootId: string, isNodeAlive: boolean): readonly string[] | null {
    const { nodeId, address } = session;
    const older = this.#byNode.get(nodeId);
    const seen = this.#boots.get(nodeId) ?? [];
    if (older?.hasSaidHello && isNodeAlive && isTwin(seen, bootId)) return [older.address, address];
    this.#boots.set(nodeId, withBoot(seen, { bootId, address }));
    if (this.#arriving.get(nodeId) === session) this.#arriving.delete(nodeId);
    this.#byNode.set(nodeId, session);
    older?.close(4001, 'a newer connection of this node');
    return null;
  }

  /** True when this session was the node's current one. */
  leave(session: Session): boolean {
    if (this.#arriving.get(session.nodeId) === session) this.#arriving.delete(session.nodeId);
    if (this.#byNode.get(session.nodeId) !== session) return false;
    this.#byNode.delete(session.nodeId);
    return true;
  }

  isConnected(nodeId: string): boolean {
    return this.#byNode.get(nodeId)?.hasSaidHello ?? false;
  }

  linked(): readonly string[] {
    return [...new Set([...this.#byNode.keys(), ...this.#arriving.keys()])];
  }

  send(nodeId: string, message: ServerMessage): boolean {
    const session = this.#byNode.get(nodeId);
    return session?.hasSaidHello ? session.send(message) : false;
  }

  close(nodeId: string, code: number, reason: string): void {
    this.#byNode.get(nodeId)?.close(code, reason);
    this.#arriving.get(nodeId)?.close(code, reason);
  }

  /** Says goodbye to everybody: the server stops. */
  drain(withinMs: number): void {
    for (const session of this.#byNode.values()) {
      session.send({ type: 'drain', withinMs });
      session.close(1001, 'the server stops');
    }
    for (const session of this.#arriving.values()) session.close(1001, 'the server stops');
  }
}
