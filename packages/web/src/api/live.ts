import type { QueryClient } from '@tanstack/react-query';
import { LISTED, type Listed, refreshRows } from './lists.js';
import { followStream, type LiveState } from './one-stream.js';

export type { LiveState };

const KINDS = ['finding', 'node', 'run', 'plan', 'delivery'] as const;
type Kind = (typeof KINDS)[number];

/** Bursts are gathered this long, so that a thousand events cost one round of requests. Well under the promised second. */
const GATHER_MS = 150;

/** Which cached answers an event makes old, lists apart: of those only rows are read again. */
export function staleKeys(kind: Kind, { id, nodeId, alertId }: Told): readonly (readonly string[])[] {
  switch (kind) {
    case 'finding':
      return [
        ['findings', id],
        ...(nodeId === '' ? [] : [['nodes', nodeId]]),
        ...(alertId === '' ? [] : [['alerts', alertId]]),
        ['overview'],
        ['silences'],
      ];
    case 'node':
      return [['nodes', id], ['overview']];
    case 'run':
      return [['runs', id]];
    case 'plan':
      return [['plans', id]];
    case 'delivery':
      return [...(alertId === '' ? [] : [['alerts', alertId]]), ['targets']];
  }
}

/** The rows of lists that an event may have changed. */
function rowsOf(kind: Kind, { id, nodeId, alertId }: Told): readonly (readonly [Listed, string])[] {
  switch (kind) {
    case 'finding':
      // The rows of a node and of an alert count their findings.
      return [
        ['findings', id],
        ['nodes', nodeId],
        ['alerts', alertId],
      ];
    case 'node':
      return [['nodes', id]];
    case 'run':
      return [['runs', id]];
    case 'plan':
      return [['plans', id]];
    case 'delivery':
      return [['deliveries', id]];
  }
}

/** What an event names; the empty word where it names none. */
interface Told {
  readonly id: string;
  readonly nodeId: string;
  readonly alertId: string;
}

/** Says what the event stream tells to `client`'s cache; `onState` hears whether it is up. */
export function startLive(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const gathered = new Map<string, readonly string[]>();
  const rows = new Map<Listed, Set<string>>(LISTED.map((list) => [list, new Set<string>()]));
  let gatherTimer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    gatherTimer = undefined;
    const keys = [...gathered.values()];
    gathered.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    for (const [list, ids] of rows) {
      if (ids.size === 0) continue;
      void refreshRows(client, list, [...ids]);
      ids.clear();
    }
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
      case 'event': {
        const told = toldIn(heard.data);
        const kind = heard.kind as Kind;
        for (const key of staleKeys(kind, told)) gathered.set(key.join('\u0000'), key);
        for (const [list, id] of rowsOf(kind, told)) if (id !== '') rows.get(list)?.add(id);
        gatherTimer ??= setTimeout(flush, GATHER_MS);
      }
    }
  });
  return () => {
    end();
    clearTimeout(gatherTimer);
  };
}

function toldIn(data: string): Told {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    value = null;
  }
  const said = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const word = (name: keyof Told): string => (typeof said[name] === 'string' ? said[name] : '');
  return { id: word('id'), nodeId: word('nodeId'), alertId: word('alertId') };
}
