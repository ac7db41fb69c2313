import { useNavigate } from '@tanstack/react-router';
import type { ListChange, ListSearch, ListView } from '../api/lists.js';

type Search = Readonly<Record<string, unknown>>;

function word<N extends string>(search: Search, name: N): { readonly [K in N]?: string } {
  const value = search[name];
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
    ? ({ [name]: String(value) } as { readonly [K in N]?: string })
    : {};
}

/** How a list is looked at, as its address says. What it cannot mean is left out. */
export function readView(search: Search): ListView {
  const { order } = search;
  return {
    ...word(search, 'q'),
    ...word(search, 'sort'),
    ...(order === 'asc' || order === 'desc' ? { order } : {}),
    ...word(search, 'cursor'),
    ...word(search, 'from'),
  };
}

/** Reads an address: the view, and these filters. */
export function listSearch<F extends string>(filters: readonly F[]): (search: Search) => ListSearch<F> {
  return (search) =>
    Object.assign({}, readView(search), ...filters.map((name) => word(search, name))) as ListSearch<F>;
}

/** What a change makes of an address. Rows in another order, or other rows, begin at the first page. */
export function changed(search: ListSearch, change: ListChange): ListSearch {
  const isPage = 'cursor' in change;
  const { cursor, from, ...rest } = search;
  const next = { ...rest, ...(isPage ? { cursor, from } : {}), ...change };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
}

/** Changes of a list are changes of its address; `kept` stays when the filters are cleared. */
export function useListAddress(
  to: string,
  search: ListSearch,
  kept: { readonly [name: string]: string | undefined },
) {
  const navigate = useNavigate();
  return {
    onChange: (change: ListChange) =>
      void navigate({
        to,
        search: changed(search, change) as never,
        // A search is no step to go back to, letter by letter; an order, a filter and a page are.
        replace: 'q' in change,
      }),
    onClear: () => {
      const { sort = '', order = '' } = search;
      const rest = changed(
        {},
        Object.fromEntries(Object.entries({ ...kept, sort, order }).map(([k, v]) => [k, v ?? ''])),
      );
      void navigate({ to, search: rest as never });
    },
  };
}
