import type { AgentMessage } from '@castellan/shared/protocol/messages';
import type { Load } from '../services/lanes.js';
import type { Received } from '../services/node-meters.js';

/** What of one node may wait for its commit; beyond any of them its socket is not read until half is stored. */
export const PENDING_MAX: Load = { pieces: 512, cost: 2_048, bytes: 2 * 1024 * 1024 };

/** What a message costs its node's share. */
export function weightOf(message: AgentMessage, bytes: number): Received {
  const verdicts = message.type === 'state' ? message.verdicts.length : message.type === 'transition' ? 1 : 0;
  return { bytes, verdicts, isHeartbeat: message.type === 'heartbeat' };
}

/** Whether so much of what may wait does. */
export function isBeyond(load: Load, share: number): boolean {
  const { pieces, cost, bytes } = PENDING_MAX;
  return load.pieces > pieces * share || load.cost > cost * share || load.bytes > bytes * share;
}
