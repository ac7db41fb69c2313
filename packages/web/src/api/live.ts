import type { QueryClient } from '@tanstack/react-query';

export type LiveState = 'connecting' | 'live' | 'lost';

const KINDS = ['finding', 'node', 'run', 'plan', 'delivery'] as const;
type Kind = (typeof KINDS)[number];

/** Bursts are gathered this long, so that a thousand events cost one round of requests. Well under the promised second. */
const GATHER_MS = 150;
/** After the browser has given up on the stream (a proxy's error page, a lost session): first wait, and the longest. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

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
      return [['plans', id]];
    case 'delivery':
      return [['deliveries'], ['targets']];
  }
}

/** The one event stream of this page. Says what it is told to `client`'s cache; `onState` hears whether it is up. */
export function startLive(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const gathered = new Map<string, readonly string[]>();
  let source: EventSource | null = null;
  let gatherTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_MS_MIN;
  let wasLost = false;

  const flush = () => {
    gatherTimer = undefined;
    const keys = [...gathered.values()];
    gathered.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  const hear = (kind: Kind) => (event: MessageEvent<string>) => {
    for (const key of staleKeys(kind, idOf(event.data))) gathered.set(key.join('\u0000'), key);
    gatherTimer ??= setTimeout(flush, GATHER_MS);
  };
  const connect = () => {
    source = new EventSource('/api/v1/events');
    for (const kind of KINDS) source.addEventListener(kind, hear(kind));
    // The server no longer knows what was missed.
    source.addEventListener('resync', () => void client.invalidateQueries());
    source.addEventListener('open', () => {
      retryMs = RETRY_MS_MIN;
      // What happened while the stream was down may be more than the server repeats: ask for everything again.
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
      onState('live');
    });
    source.addEventListener('error', () => {
      wasLost = true;
      onState('lost');
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      // The session may have ended: the gate shows the sign-in page when it has.
      void client.invalidateQueries({ queryKey: ['session'] });
      retryTimer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    });
  };
  onState('connecting');
  connect();
  return () => {
    source?.close();
    clearTimeout(gatherTimer);
    clearTimeout(retryTimer);
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
