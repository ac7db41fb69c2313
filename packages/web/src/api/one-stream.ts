/**
 * One event stream for all tabs of a browser: over HTTP/1.1 a browser keeps six connections to a server, and six tabs
 * with a stream each would leave none for anything else. The tab that holds the lock has the stream and repeats what it
 * hears to the others; when it goes, the next one takes over. A page without locks (plain HTTP from another machine) has
 * a stream of its own.
 */

export type LiveState = 'connecting' | 'live' | 'lost';

/** What a tab hears. `resync`: something may have been missed, so that everything is asked for again. */
export type Heard =
  | { readonly type: 'event'; readonly kind: string; readonly data: string }
  | { readonly type: 'resync' }
  | { readonly type: 'ended' }
  | { readonly type: 'state'; readonly state: LiveState };

type Said = Heard | { readonly type: 'hello' };

const NAME = 'castellan-live';
/** After the browser has given up on the stream (a proxy's error page, a lost session): first wait, and the longest. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

/** Tells `hear` what the stream says, whichever tab holds it, until the answer is called. */
export function followStream(kinds: readonly string[], hear: (heard: Heard) => void): () => void {
  if (!('locks' in navigator)) return openStream(kinds, hear);
  const ended = new AbortController();
  const channel = new BroadcastChannel(NAME);
  let state: LiveState | null = null;
  const tell = (heard: Heard) => {
    if (heard.type === 'state') state = heard.state;
    hear(heard);
    channel.postMessage(heard);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.type !== 'hello') return hear(data);
    // Whoever comes later hears how things stand from the tab that knows.
    if (state !== null) channel.postMessage({ type: 'state', state } satisfies Heard);
  });
  channel.postMessage({ type: 'hello' } satisfies Said);
  void navigator.locks
    .request(NAME, { signal: ended.signal }, () => {
      const close = openStream(kinds, tell);
      return new Promise<void>((resolve) => {
        ended.signal.addEventListener('abort', () => {
          close();
          resolve();
        });
      });
    })
    .catch((cause: unknown) => {
      // Called off before its turn came.
      if (!ended.signal.aborted) throw cause;
    });
  return () => {
    ended.abort();
    channel.close();
  };
}

function openStream(kinds: readonly string[], hear: (heard: Heard) => void): () => void {
  let source: EventSource | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_MS_MIN;
  // What happened before the stream was up, or between the last holder's end and now, nobody heard.
  let wasLost = true;
  const connect = () => {
    source = new EventSource('/api/v1/events');
    for (const kind of kinds)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => hear({ type: 'event', kind, data }));
    // The server no longer knows what was missed.
    source.addEventListener('resync', () => hear({ type: 'resync' }));
    source.addEventListener('open', () => {
      retryMs = RETRY_MS_MIN;
      // What happened while the stream was down may be more than the server repeats.
      if (wasLost) hear({ type: 'resync' });
      wasLost = false;
      hear({ type: 'state', state: 'live' });
    });
    source.addEventListener('error', () => {
      wasLost = true;
      hear({ type: 'state', state: 'lost' });
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      hear({ type: 'ended' });
      retryTimer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    });
  };
  connect();
  return () => {
    source?.close();
    clearTimeout(retryTimer);
  };
}
