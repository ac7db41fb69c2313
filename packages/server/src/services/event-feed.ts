/** What the console hears of: small, and enough to know what to ask for again. */
export interface ServerEvent {
  readonly kind: 'finding' | 'node' | 'run' | 'plan' | 'delivery';
  readonly data: { readonly id: string } & Readonly<Record<string, string | number | boolean | null>>;
}

export interface NumberedEvent extends ServerEvent {
  /** `<life of this server>.<n>`: after a restart the numbers of the last life mean nothing. */
  readonly id: string;
}

export interface EventFeed {
  publish(event: ServerEvent): void;
  /** Events after `lastId`; null when they are no longer known and the listener must ask for everything again. */
  since(lastId: string): readonly NumberedEvent[] | null;
  /** Until the result is called. `who.end` is called when the stream must not go on. */
  listen(listener: (event: NumberedEvent) => void, who: StreamOwner): () => void;
  /** Ends the streams of a session, or of a person: what was permitted when they began no longer is. */
  endStreams(of: { readonly session: string } | { readonly person: string }): void;
  /** Streams now: of everybody, or of one person. */
  streams(person?: string): number;
  readonly lastId: string;
}

export interface StreamOwner {
  /** Hash of the session's cookie. */
  readonly session: string;
  readonly person: string;
  end(): void;
}

/** The most events that a listener who was away can catch up with. */
export const EVENTS_KEPT_MAX = 1_000;

export function eventFeed(life: string): EventFeed {
  const kept: NumberedEvent[] = [];
  const listeners = new Map<(event: NumberedEvent) => void, StreamOwner>();
  let count = 0;
  return {
    get lastId() {
      return `${life}.${count}`;
    },
    publish(event) {
      count += 1;
      const numbered = { ...event, id: `${life}.${count}` };
      kept.push(numbered);
      if (kept.length > EVENTS_KEPT_MAX) kept.shift();
      for (const listener of [...listeners.keys()]) listener(numbered);
    },
    since(lastId) {
      const match = /^(.+)\.(\d+)$/.exec(lastId);
      if (!match || match[1] !== life) return null;
      const n = Number(match[2]);
      if (n > count || count - n > kept.length) return null;
      return n === count ? [] : kept.slice(-(count - n));
    },
    listen(listener, who) {
      listeners.set(listener, who);
      return () => listeners.delete(listener);
    },
    endStreams(of) {
      for (const who of [...listeners.values()])
        if ('session' in of ? who.session === of.session : who.person === of.person) who.end();
    },
    streams(person) {
      if (person === undefined) return listeners.size;
      return [...listeners.values()].filter((who) => who.person === person).length;
    },
  };
}
