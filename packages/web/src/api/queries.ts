import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiProblem, get } from './client.js';
import type {
  Control,
  Delivery,
  Finding,
  FindingDetail,
  FleetNode,
  NodeDetail,
  Overview,
  Page,
  PlanRequest,
  Remediation,
  Run,
  RunDetail,
  Target,
  Token,
  User,
} from './types.js';

/** What a list of findings is narrowed to. All of it stands in the page's address. */
export interface FindingFilter {
  readonly state?: 'open' | 'resolved' | 'all';
  readonly severity?: string;
  readonly node?: string;
  readonly control?: string;
  readonly q?: string;
}

/** As many as one page shows before "show more". */
const PAGE_ITEMS = 100;
/** The catalogue of controls and remediations changes only with the server's release. */
const CATALOGUE_MS = 10 * 60_000;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<User | null> => {
    try {
      return (await get<{ user: User }>('/session')).user;
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 401) return null;
      throw problem;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const overviewQuery = queryOptions({ queryKey: ['overview'], queryFn: () => get<Overview>('/overview') });

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: () => get<Page<FleetNode>>('/nodes', { limit: 500 }),
});

export const nodeQuery = (id: string) =>
  queryOptions({ queryKey: ['nodes', id], queryFn: () => get<NodeDetail>(`/nodes/${encodeURIComponent(id)}`) });

export const findingsQuery = (filter: FindingFilter) =>
  infiniteQueryOptions({
    queryKey: ['findings', 'list', filter],
    queryFn: ({ pageParam }) =>
      get<Page<Finding>>('/findings', { ...filter, limit: PAGE_ITEMS, cursor: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['findings', id],
    queryFn: () => get<FindingDetail>(`/findings/${encodeURIComponent(id)}`),
  });

export const controlQuery = (id: string) =>
  queryOptions({
    queryKey: ['controls', id],
    queryFn: () => get<Control>(`/controls/${encodeURIComponent(id)}`),
    staleTime: CATALOGUE_MS,
  });

export const remediationsQuery = queryOptions({
  queryKey: ['remediations'],
  queryFn: async () => {
    const answer = await get<readonly Remediation[] | { items: readonly Remediation[] }>('/remediations');
    return 'items' in answer ? answer.items : answer;
  },
  staleTime: CATALOGUE_MS,
});

export const planQuery = (id: string) =>
  queryOptions({ queryKey: ['plans', id], queryFn: () => get<PlanRequest>(`/plans/${encodeURIComponent(id)}`) });

export const runsQuery = (node?: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', node ?? ''],
    queryFn: ({ pageParam }) => get<Page<Run>>('/runs', { node, limit: PAGE_ITEMS, cursor: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const runQuery = (id: string) =>
  queryOptions({ queryKey: ['runs', id], queryFn: () => get<RunDetail>(`/runs/${encodeURIComponent(id)}`) });

export const targetsQuery = queryOptions({ queryKey: ['targets'], queryFn: () => get<Page<Target>>('/targets') });

export const deliveriesQuery = (targetId: string) =>
  queryOptions({
    queryKey: ['deliveries', targetId],
    queryFn: () => get<Page<Delivery>>(`/targets/${encodeURIComponent(targetId)}/deliveries`),
  });

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => get<Page<Token>>('/tokens') });
