import type { QueryClient } from '@tanstack/react-query';
import { type Changed, LISTED, type Listed, refreshRows } from './lists.js';
import { followStream, type LiveState } from './one-stream.js';
import { rereader } from './reread.js';

export type { LiveState };

const KINDS = ['finding', 'node', 'run', 'plan', 'delivery'] as const;
type Kind = (typeof KINDS)[number];

/** Bursts are gathered this long, so that a thousand events cost one round of requests. Well under the promised second. */
const GATHER_MS = 150;

/** Which cached answers an event makes old, lists apart: of those only rows are read again. */
export function staleKeys(
  kind: Kind,
  { id, nodeId, alertId }: Pick<Told, 'id' | 'nodeId' | 'alertId'>,
): readonly (readonly string[])[] {
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

/** The rows of lists that an event may have changed, with what it says of them. */
export function rowsOf(kind: Kind, told: Told): readonly (readonly [Listed, Changed])[] {
  const { id, nodeId, alertId } = told;
  const row = (of: string, said: Changed['said'] = {}): Changed => ({ id: of, said: words(said) });
  const { control, severity, state } = told;
  switch (kind) {
    case 'finding':
      // The rows of a node and of an alert count their findings.
      return [
        ['findings', row(id, { node: nodeId, control, severity, state: shownUnder(state) })],
        ['nodes', { ...row(nodeId), by: 'worst' }],
        ['alerts', row(alertId)],
      ];
    case 'node':
      return [['nodes', row(id)]];
    case 'run':
      return [['runs', row(id, { node: nodeId, state })]];
    case 'plan':
      return [['plans', row(id, { node: nodeId, state })]];
    case 'delivery':
      return [['deliveries', row(id, { alert: alertId })]];
  }
}

/** The list of findings that a state is shown in. */
function shownUnder(state: string): string {
  return state === '' || state === 'resolved' ? state : 'open';
}

function words(said: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
}

/** What an event says; the empty word where it says nothing. */
type Told = Readonly<Record<(typeof SAID)[number], string>>;
const SAID = ['id', 'nodeId', 'alertId', 'control', 'severity', 'state'] as const;

/** Says what the event stream tells to `client`'s cache; `onState` hears whether it is up. */
export function startLive(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const gathered = new Map<string, readonly string[]>();
  const rows = new Map<Listed, Map<string, Changed>>(LISTED.map((list) => [list, new Map()]));
  const again = rereader(client);
  let gatherTimer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    gatherTimer = undefined;
    const keys = [...gathered.values()];
    gathered.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    for (const [list, changes] of rows) {
      if (changes.size === 0) continue;
      void refreshRows(client, again, list, [...changes.values()]);
      changes.clear();
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
        // Of a row that changed more than once, what was said last holds.
        for (const [list, row] of rowsOf(kind, told)) if (row.id !== '') rows.get(list)?.set(row.id, row);
        gatherTimer ??= setTimeout(flush, GATHER_MS);
      }
    }
  });
  return () => {
    end();
    again.end();
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
  return Object.fromEntries(
    SAID.map((name) => [name, typeof said[name] === 'string' ? said[name] : '']),
  ) as Told;
}
