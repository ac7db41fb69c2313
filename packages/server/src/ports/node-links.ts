import type { ServerMessage } from '@castellan/shared/protocol/messages';

/** The live connections to nodes. */
export interface NodeLinks {
  isConnected(nodeId: string): boolean;
  /** Ids of the nodes that have a session, also of those that have not said hello yet. */
  linked(): readonly string[];
  /** False when the node is not connected; true says only that it was handed to the socket. */
  send(nodeId: string, message: ServerMessage): boolean;
  /** Closes the node's session, if there is one. */
  close(nodeId: string, code: number, reason: string): void;
}
