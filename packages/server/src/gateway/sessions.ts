import type { ServerMessage } from '@castellan/shared/protocol/messages';
import type { NodeLinks } from '../ports/node-links.js';
import type { Session } from './session.js';

/** One session for each node: the newest wins, because a half-open connection looks alive for a long time. */
export class Sessions implements NodeLinks {
  readonly #byNode = new Map<string, Session>();

  get count(): number {
    return this.#byNode.size;
  }

  enter(session: Session): void {
    const older = this.#byNode.get(session.nodeId);
    this.#byNode.set(session.nodeId, session);
    older?.close(4001, 'a newer connection of this node');
  }

  /** True when this session was the node's current one. */
  leave(session: Session): boolean {
    if (this.#byNode.get(session.nodeId) !== session) return false;
    this.#byNode.delete(session.nodeId);
    return true;
  }

  isConnected(nodeId: string): boolean {
    return this.#byNode.get(nodeId)?.isGreeted ?? false;
  }

  send(nodeId: string, message: ServerMessage): boolean {
    const session = this.#byNode.get(nodeId);
    return session?.isGreeted ? session.send(message) : false;
  }

  close(nodeId: string, code: number, reason: string): void {
    this.#byNode.get(nodeId)?.close(code, reason);
  }

  /** Says goodbye to everybody: the server stops. */
  drain(withinMs: number): void {
    for (const session of this.#byNode.values()) {
      session.send({ type: 'drain', withinMs });
      session.close(1001, 'the server stops');
    }
  }
}
