import type { QueryClient } from '@tanstack/react-query';
import { followStream, type LiveState } from './one-stream.js';

export type { LiveState };

const KINDS = ['finding', 'node', 'run', 'plan', 'delivery'] as const;
type Kind = (typeof KINDS)[number];

/** Bursts are gathered this long, so that a thousand events cost one round of requests. Well under the promised second. */
const GATHER_MS = 150;

/** Which cached answers an event makes old. */
export function staleKeys(kind: Kind, id: string): readonly (readonly string[])[] {
  switch (kind) {
    case 'finding':
      return [['findings', 'list'], ['findings', id], ['nodes'], ['overview']];
    case 'node':
      return [['nodes'], ['overview']];
    case 'run':
      return [
        ['runs', 'list'],
        ['runs', id],
      ];
    case 'plan':
      return [
        ['plans', 'list'],
        ['plans', id],
      ];
    case 'delivery':
      return [['deliveries'], ['targets']];
  }
}

/** Says what the event stream tells to `client`'s cache; `onState` hears whether it is up. */
export function startLive(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const gathered = new Map<string, readonly string[]>();
  let gatherTimer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    gatherTimer = undefined;
    const keys = [...gathered.values()];
    gathered.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  onState('connecting');
  const end = followStream(KINDS, (heard) => {
    switch (heard.type) {
      case 'state':
        return onState(heard.state);
      case 'resync':
        return void client.invalidateQueries();
      case 'ended':
        // The session may have ended: the gate shows the sign-in page when it has.
        return void client.invalidateQueries({ queryKey: ['session'] });
      case 'event':
        for (const key of staleKeys(heard.kind as Kind, idOf(heard.data)))
          gathered.set(key.join('\u0000'), key);
        gatherTimer ??= setTimeout(flush, GATHER_MS);
    }
  });
  return () => {
    end();
    clearTimeout(gatherTimer);
  };
}

function idOf(data: string): string {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id);
  } catch {
    return ''; // lists are refreshed all the same
  }
  return '';
}
