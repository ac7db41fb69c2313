import { useRef, useState } from 'react';

export interface Held<T> {
  readonly items: readonly T[];
  /** How many arrived while the reader was at the list and are not shown yet. */
  readonly waiting: number;
  readonly release: () => void;
  /** Put these on the list: a pointer over it or focus in it holds it still. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
}

/**
 * Keeps rows where they are while somebody is about to click one. What is shown stays up to date in place; what is
 * new waits to be asked for; what is gone stays until the reader leaves. Nobody at the list: it follows at once.
 */
export function useHeld<T extends { readonly id: string }>(fresh: readonly T[], key: string): Held<T> {
  const [isOver, setOver] = useState(false);
  const [isInside, setInside] = useState(false);
  const [, redraw] = useState(0);
  const shown = useRef<{ key: string; items: readonly T[] }>({ key, items: fresh });

  if (shown.current.key !== key || !(isOver || isInside)) shown.current = { key, items: fresh };
  else shown.current = { key, items: keepPlaces(shown.current.items, fresh) };

  const { items } = shown.current;
  return {
    items,
    waiting: countNew(items, fresh),
    release: () => {
      shown.current = { key, items: fresh };
      redraw((n) => n + 1);
    },
    hold: {
      onPointerEnter: () => setOver(true),
      onPointerLeave: () => setOver(false),
      onFocus: () => setInside(true),
      onBlur: () => setInside(false),
    },
  };
}

/** The shown rows in their order, each with the newest content there is. An empty list has no places to keep. */
export function keepPlaces<T extends { readonly id: string }>(
  shown: readonly T[],
  fresh: readonly T[],
): readonly T[] {
  if (shown.length === 0) return fresh;
  const newest = new Map(fresh.map((item) => [item.id, item]));
  return shown.map((item) => newest.get(item.id) ?? item);
}

export function countNew<T extends { readonly id: string }>(
  shown: readonly T[],
  fresh: readonly T[],
): number {
  const ids = new Set(shown.map((item) => item.id));
  return fresh.filter((item) => !ids.has(item.id)).length;
}
