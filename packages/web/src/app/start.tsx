import '@patternfly/react-core/dist/styles/base.css';
import '../ui/console.css';
import '../ui/print.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from '../api/client.js';
import { makeRouter } from './routes.js';
import { followSystem } from './theme.js';

// A session that has ended shows the sign-in page, whichever call noticed it.
const noticeEnd = (problem: unknown) => {
  if (problem instanceof ApiProblem && problem.status === 401)
    client.setQueryData(['session'], (user: unknown) => (user === undefined ? undefined : null));
};
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      // Events say when an answer is old; this is for what they do not tell of.
      staleTime: 30_000,
      retry: (failures, problem) =>
        failures < 2 && (!(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500),
      // Also when the browser believes to be offline: loopback and VPNs answer all the same.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** Puts the console into the page. */
export function start(root: HTMLElement): void {
  followSystem();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={makeRouter(client)} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
