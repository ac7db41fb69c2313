import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

/** Events come in hundreds; nobody reads a list faster than this. */
export const REREAD_MS_MIN = 1_000;

/** Reads a list again, each at most once in REREAD_MS_MIN: the first time at once, then when that time is over. */
export interface Rereader {
  reread(queryKey: QueryKey): void;
  end(): void;
}

export function rereader(client: QueryClient): Rereader {
  const resting = new Map<string, { isWanted: boolean; timer?: ReturnType<typeof setTimeout> }>();
  const reread = (queryKey: QueryKey): void => {
    const name = hashKey(queryKey);
    const rest = resting.get(name);
    if (rest) {
      rest.isWanted = true;
      return;
    }
    const begun: { isWanted: boolean; timer?: ReturnType<typeof setTimeout> } = { isWanted: false };
    begun.timer = setTimeout(() => {
      resting.delete(name);
      if (begun.isWanted) reread(queryKey);
    }, REREAD_MS_MIN);
    resting.set(name, begun);
    void client.invalidateQueries({ queryKey, exact: true });
  };
  return {
    reread,
    end: () => {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
