import type { FindingFilter } from '../../api/queries.js';
import { SEVERITIES } from '../../api/types.js';

export type { FindingFilter };

const STATES = ['open', 'resolved', 'all'] as const;

/** What an address says, with anything that it cannot mean left out. Open findings are what is meant by nothing. */
export function readFilter(search: { readonly [K in keyof FindingFilter]?: unknown }): FindingFilter {
  const text = (name: keyof FindingFilter): string | undefined => {
    const value = search[name];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? String(value)
      : undefined;
  };
  const state = STATES.find((each) => each === search.state);
  const severity = SEVERITIES.find((each) => each === search.severity);
  return withoutEmpty({
    state: state === 'open' ? undefined : state,
    severity,
    node: text('node'),
    control: text('control'),
    group: text('group'),
    alert: text('alert'),
    q: text('q'),
  });
}

function withoutEmpty(
  filter: { readonly [K in keyof FindingFilter]: FindingFilter[K] | undefined },
): FindingFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''),
  ) as FindingFilter;
}

/** Filters that hide findings which would be shown otherwise: the choice of state is not one. */
export function isNarrowed(filter: FindingFilter): boolean {
  return Boolean(
    filter.severity ?? filter.node ?? filter.control ?? filter.group ?? filter.alert ?? filter.q,
  );
}
