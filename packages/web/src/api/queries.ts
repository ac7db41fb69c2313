import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiProblem, answerOf, api } from './client.js';
import type { PlanLine, Severity, User } from './types.js';

/** What a list of findings is narrowed to. All of it stands in the page's address. */
export interface FindingFilter {
  readonly state?: 'open' | 'resolved' | 'all';
  readonly severity?: Severity;
  readonly node?: string;
  readonly control?: string;
  readonly q?: string;
}

/** As many as one page shows before "show more". */
const PAGE_ITEMS = 100;
/** The most that the server gives at once. */
const PAGE_ITEMS_MAX = 500;
/** The catalogue of controls and remediations changes only with the server's release. */
const CATALOGUE_MS = 10 * 60_000;

const byId = (id: string) => ({ params: { path: { id } } });
const from = (cursor: string | null) => ({ limit: PAGE_ITEMS, ...(cursor === null ? {} : { cursor }) });

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<User | null> => {
    try {
      return (await answerOf(api.GET('/api/v1/session'))).user;
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 401) return null;
      throw problem;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: () => answerOf(api.GET('/api/v1/overview')),
});

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: () => answerOf(api.GET('/api/v1/nodes', { params: { query: { limit: PAGE_ITEMS_MAX } } })),
});

export const retiredNodesQuery = queryOptions({
  queryKey: ['nodes', 'retired'],
  queryFn: () =>
    answerOf(api.GET('/api/v1/nodes', { params: { query: { limit: PAGE_ITEMS_MAX, retired: true } } })),
});

export const nodeQuery = (id: string) =>
  queryOptions({ queryKey: ['nodes', id], queryFn: () => answerOf(api.GET('/api/v1/nodes/{id}', byId(id))) });

export const findingsQuery = (filter: FindingFilter) =>
  infiniteQueryOptions({
    queryKey: ['findings', 'list', filter],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/findings', { params: { query: { state: 'open', ...filter, ...from(pageParam) } } }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['findings', id],
    queryFn: () => answerOf(api.GET('/api/v1/findings/{id}', byId(id))),
  });

export const controlQuery = (id: string) =>
  queryOptions({
    queryKey: ['controls', id],
    queryFn: () => answerOf(api.GET('/api/v1/controls/{id}', byId(id))),
    staleTime: CATALOGUE_MS,
  });

export const remediationsQuery = queryOptions({
  queryKey: ['remediations'],
  queryFn: () => answerOf(api.GET('/api/v1/remediations')),
  staleTime: CATALOGUE_MS,
});

export const planQuery = (id: string) =>
  queryOptions({ queryKey: ['plans', id], queryFn: () => answerOf(api.GET('/api/v1/plans/{id}', byId(id))) });

export const plansQuery = (state?: PlanLine['state']) =>
  infiniteQueryOptions({
    queryKey: ['plans', 'list', state ?? ''],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/plans', { params: { query: { ...(state ? { state } : {}), ...from(pageParam) } } }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam }) => answerOf(api.GET('/api/v1/audit', { params: { query: from(pageParam) } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const runsQuery = (node?: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', node ?? ''],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/runs', { params: { query: { ...(node ? { node } : {}), ...from(pageParam) } } }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const runQuery = (id: string) =>
  queryOptions({ queryKey: ['runs', id], queryFn: () => answerOf(api.GET('/api/v1/runs/{id}', byId(id))) });

export const targetsQuery = queryOptions({
  queryKey: ['targets'],
  queryFn: () => answerOf(api.GET('/api/v1/targets')),
});

/** The kinds of targets; they change only with the server's release. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: () => answerOf(api.GET('/api/v1/channels')),
  staleTime: CATALOGUE_MS,
});

export const deliveriesQuery = (targetId: string) =>
  queryOptions({
    queryKey: ['deliveries', targetId],
    queryFn: () => answerOf(api.GET('/api/v1/targets/{id}/deliveries', byId(targetId))),
  });

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => answerOf(api.GET('/api/v1/tokens')),
});

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: () => answerOf(api.GET('/api/v1/users')),
});

/** The sessions of a person; of whoever is signed in when none is named. */
export const sessionsQuery = (userId: string | null) =>
  queryOptions({
    queryKey: ['sessions', userId ?? 'mine'],
    queryFn: () =>
      answerOf(
        userId === null ? api.GET('/api/v1/sessions') : api.GET('/api/v1/users/{id}/sessions', byId(userId)),
      ),
  });
