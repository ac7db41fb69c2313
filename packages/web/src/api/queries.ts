import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, answerOf, api } from './client.js';
import type { Severity, SilencePreview, User } from './types.js';

/** What a list of findings is narrowed to. All of it stands in the page's address. */
export type FindingFilter = {
  readonly state?: 'open' | 'resolved' | 'all';
  readonly severity?: Severity;
  readonly node?: string;
  readonly control?: string;
  readonly group?: string;
  readonly alert?: string;
  readonly q?: string;
};

/** The catalogue of controls and remediations changes only with the server's release. */
const CATALOGUE_MS = 10 * 60_000;

const byId = (id: string) => ({ params: { path: { id } } });

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

export const nodeQuery = (id: string) =>
  queryOptions({ queryKey: ['nodes', id], queryFn: () => answerOf(api.GET('/api/v1/nodes/{id}', byId(id))) });

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['findings', id],
    queryFn: () => answerOf(api.GET('/api/v1/findings/{id}', byId(id))),
  });

export const controlsQuery = queryOptions({
  queryKey: ['controls'],
  queryFn: () => answerOf(api.GET('/api/v1/controls')),
  staleTime: CATALOGUE_MS,
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

const PULLS_ASKED_MS: Readonly<Record<string, number>> = { waiting: 10_000, behind: 60_000 };

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: () => answerOf(api.GET('/api/v1/runs/{id}', byId(id))),
    // No event tells that another node has pulled what the run committed.
    refetchInterval: ({ state }) => PULLS_ASKED_MS[state.data?.configuration?.state ?? ''] ?? false,
  });

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

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', id],
    queryFn: () => answerOf(api.GET('/api/v1/alerts/{id}', byId(id))),
  });

/** The newest few of one alert; the list of deliveries has the rest. */
export const alertDeliveriesQuery = (alert: string, limit: number) =>
  queryOptions({
    queryKey: ['alerts', alert, 'deliveries', limit],
    queryFn: () =>
      answerOf(api.GET('/api/v1/deliveries', { params: { query: { alert, limit, counts: true } } })),
  });

/** The worst few that are active, those first that nobody has. */
export const worstAlertsQuery = (limit: number) =>
  queryOptions({
    queryKey: ['overview', 'alerts', limit],
    queryFn: () =>
      answerOf(api.GET('/api/v1/alerts', { params: { query: { kind: 'alert', limit, counts: true } } })),
  });

export const silencesQuery = queryOptions({
  queryKey: ['silences'],
  queryFn: () => answerOf(api.GET('/api/v1/silences')),
});

/** What a silence would match, and when. */
export const silencePreviewQuery = (body: SilencePreview) =>
  queryOptions({
    queryKey: ['silencePreview', body],
    queryFn: () => answerOf(api.POST('/api/v1/silences/preview', { body })),
    retry: false,
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
