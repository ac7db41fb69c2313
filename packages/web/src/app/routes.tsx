import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  useNavigate,
} from '@tanstack/react-router';
import { alertsQuery, findingsQuery, type ListView, nodesQuery } from '../api/lists.js';
import { AlertPage } from '../features/alerts/alert-page.js';
import { ALERT_FILTERS, AlertsPage } from '../features/alerts/alerts-page.js';
import { DELIVERY_FILTERS, DeliveriesPage } from '../features/alerts/deliveries-page.js';
import { TargetsPage } from '../features/alerts/targets-page.js';
import { AUDIT_FILTERS, AuditPage } from '../features/audit/audit-page.js';
import { CERTIFICATE_FILTERS, CertificatesPage } from '../features/certificates/certificates-page.js';
import { type FindingFilter, readFilter } from '../features/findings/filter.js';
import { FindingPage } from '../features/findings/finding-page.js';
import { FindingsPage } from '../features/findings/findings-page.js';
import { NodePage } from '../features/nodes/node-page.js';
import { NODE_FILTERS, NodesPage } from '../features/nodes/nodes-page.js';
import { OverviewPage } from '../features/overview/overview-page.js';
import { PosturePage } from '../features/posture/posture-page.js';
import { NewPlanPage } from '../features/remediations/new-plan-page.js';
import { PlanPage } from '../features/remediations/plan-page.js';
import { PLAN_FILTERS, PlansPage } from '../features/remediations/plans-page.js';
import { RemediationsPage } from '../features/remediations/remediations-page.js';
import { RunPage } from '../features/runs/run-page.js';
import { RUN_FILTERS, RunsPage } from '../features/runs/runs-page.js';
import { SearchHelpPage } from '../features/search-help/search-help-page.js';
import { SettingsPage } from '../features/settings/settings-page.js';
import { NewSilencePage } from '../features/silences/new-silence-page.js';
import { SilencesPage } from '../features/silences/silences-page.js';
import { Empty } from '../ui/answer.js';
import { ButtonLink } from '../ui/link.js';
import { PageFrame } from '../ui/page.js';
import { listSearch, readView, useListAddress } from './list-address.js';
import { SessionGate, useApprover, useMay, useUser } from './session-gate.js';

type Search = Readonly<Record<string, unknown>>;
/** What an address says under these names; what it leaves empty is left out. */
const words =
  <const N extends string>(...names: readonly N[]) =>
  (search: Search): { readonly [K in N]?: string } =>
    Object.fromEntries(
      names.flatMap((name) =>
        typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [],
      ),
    ) as { readonly [K in N]?: string };

/** The lists that people come for are asked for beside the session, not after it; without one the server refuses. */
const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({
  component: SessionGate,
  notFoundComponent: NowhereRoute,
});

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewRoute });
function OverviewRoute() {
  return <OverviewPage mayAcknowledge={useMay('finding.acknowledge')} approver={useApprover()} />;
}

const findings = createRoute({
  getParentRoute: () => root,
  path: '/findings',
  validateSearch: (search: Search): FindingFilter & ListView => ({
    ...readView(search),
    ...readFilter(search),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.client.prefetchQuery(findingsQuery(deps)),
  component: FindingsRoute,
});
function FindingsRoute() {
  const search = findings.useSearch();
  const { state } = search;
  return (
    <FindingsPage
      search={search}
      {...useListAddress('/findings', search, { state })}
      mayAct={useMay('finding.acknowledge')}
    />
  );
}

const finding = createRoute({ getParentRoute: () => root, path: '/findings/$id', component: FindingRoute });
function FindingRoute() {
  const may = {
    acknowledge: useMay('finding.acknowledge'),
    plan: useMay('plan.request'),
    waive: useMay('finding.waive'),
    silence: useMay('silence.write'),
  };
  return <FindingPage id={finding.useParams().id} may={may} />;
}

const nodes = createRoute({
  getParentRoute: () => root,
  path: '/nodes',
  validateSearch: listSearch(NODE_FILTERS),
  loaderDeps: ({ search }) => nodesSearch(search),
  loader: ({ context, deps }) => void context.client.prefetchQuery(nodesQuery(deps)),
  component: NodesRoute,
});
/** Those with the worst findings first, unless the address says otherwise. */
function nodesSearch<S extends object>(search: S) {
  return { sort: 'worst', ...search };
}
function NodesRoute() {
  const search = nodes.useSearch();
  const { retired } = search;
  return <NodesPage search={nodesSearch(search)} {...useListAddress('/nodes', search, { retired })} />;
}

const node = createRoute({ getParentRoute: () => root, path: '/nodes/$id', component: NodeRoute });
function NodeRoute() {
  const navigate = useNavigate();
  return (
    <NodePage
      id={node.useParams().id}
      mayChange={useMay('node.change')}
      maySilence={useMay('silence.write')}
      onDeleted={() => navigate({ to: '/nodes', search: { retired: 'true' } })}
    />
  );
}

const posture = createRoute({
  getParentRoute: () => root,
  path: '/posture',
  validateSearch: words('days', 'group', 'control', 'cursor'),
  component: PostureRoute,
});
function PostureRoute() {
  const search = posture.useSearch();
  const navigate = useNavigate();
  return (
    <PosturePage search={search} onChange={(change) => void navigate({ to: '/posture', search: change })} />
  );
}

const remediations = createRoute({
  getParentRoute: () => root,
  path: '/remediations',
  component: RemediationsRoute,
});
function RemediationsRoute() {
  return <RemediationsPage mayAct={useMay('plan.request')} />;
}

const newPlan = createRoute({
  getParentRoute: () => root,
  path: '/plans/new',
  validateSearch: words('node', 'remediation', 'finding', 'run'),
  component: NewPlanRoute,
});
function NewPlanRoute() {
  const chosen = newPlan.useSearch();
  const navigate = useNavigate();
  return (
    <NewPlanPage
      // Values, and secrets above all, belong to one remediation on one node: another choice starts afresh.
      key={`${chosen.node} ${chosen.remediation} ${chosen.finding}`}
      chosen={chosen}
      onChoose={(change) =>
        void navigate({ to: '/plans/new', search: { ...chosen, ...change }, replace: true })
      }
      onAsked={(id) => void navigate({ to: '/plans/$id', params: { id } })}
    />
  );
}

const plans = createRoute({
  getParentRoute: () => root,
  path: '/plans',
  validateSearch: listSearch(PLAN_FILTERS),
  component: PlansRoute,
});
function PlansRoute() {
  const search = plans.useSearch();
  const { state } = search;
  return <PlansPage search={search} {...useListAddress('/plans', search, { state })} />;
}

const plan = createRoute({ getParentRoute: () => root, path: '/plans/$id', component: PlanRoute });
function PlanRoute() {
  const navigate = useNavigate();
  return (
    <PlanPage
      id={plan.useParams().id}
      approver={useApprover()}
      onApproved={(id) => void navigate({ to: '/runs/$id', params: { id } })}
    />
  );
}

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: listSearch(RUN_FILTERS),
  component: RunsRoute,
});
function RunsRoute() {
  const search = runs.useSearch();
  const { node } = search;
  return <RunsPage search={search} {...useListAddress('/runs', search, { node })} />;
}

const run = createRoute({ getParentRoute: () => root, path: '/runs/$id', component: RunRoute });
function RunRoute() {
  return <RunPage id={run.useParams().id} mayPlan={useMay('plan.request')} />;
}

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: listSearch(ALERT_FILTERS),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.client.prefetchQuery(alertsQuery(deps)),
  component: AlertsRoute,
});
function AlertsRoute() {
  const search = alerts.useSearch();
  const { state } = search;
  return (
    <AlertsPage
      search={search}
      {...useListAddress('/alerts', search, { state })}
      mayAct={useMay('finding.acknowledge')}
    />
  );
}

const alert = createRoute({
  getParentRoute: () => root,
  path: '/alerts/$id',
  validateSearch: readView,
  component: AlertRoute,
});
function AlertRoute() {
  const { id } = alert.useParams();
  const view = alert.useSearch();
  const { onChange } = useListAddress(`/alerts/${id}`, view, {});
  return <AlertPage id={id} view={view} onChange={onChange} mayAct={useMay('finding.acknowledge')} />;
}

const targets = createRoute({ getParentRoute: () => root, path: '/targets', component: TargetsRoute });
function TargetsRoute() {
  return <TargetsPage mayTest={useMay('target.test')} mayWrite={useMay('target.write')} />;
}

const target = createRoute({
  getParentRoute: () => root,
  path: '/targets/$id',
  validateSearch: listSearch(DELIVERY_FILTERS),
  component: TargetRoute,
});
function TargetRoute() {
  const { id } = target.useParams();
  const search = target.useSearch();
  return (
    <DeliveriesPage
      search={search}
      targetId={id}
      {...useListAddress(`/targets/${id}`, search, {})}
      mayReplay={useMay('delivery.replay')}
    />
  );
}

const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/deliveries',
  validateSearch: listSearch(DELIVERY_FILTERS),
  component: DeliveriesRoute,
});
function DeliveriesRoute() {
  const search = deliveries.useSearch();
  return (
    <DeliveriesPage
      search={search}
      {...useListAddress('/deliveries', search, {})}
      mayReplay={useMay('delivery.replay')}
    />
  );
}

const silences = createRoute({ getParentRoute: () => root, path: '/silences', component: SilencesRoute });
function SilencesRoute() {
  return <SilencesPage mayAct={useMay('silence.write')} />;
}

const newSilence = createRoute({
  getParentRoute: () => root,
  path: '/silences/new',
  validateSearch: words('control', 'node', 'group', 'severity', 'subject', 'alert'),
  component: NewSilenceRoute,
});
function NewSilenceRoute() {
  const match = newSilence.useSearch();
  const navigate = useNavigate();
  return (
    <NewSilencePage
      key={JSON.stringify(match)}
      match={match}
      onMade={() => void navigate({ to: '/silences' })}
    />
  );
}

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: listSearch(AUDIT_FILTERS),
  component: AuditRoute,
});
function AuditRoute() {
  const search = audit.useSearch();
  return <AuditPage search={search} {...useListAddress('/audit', search, {})} />;
}

const certificates = createRoute({
  getParentRoute: () => root,
  path: '/certificates',
  validateSearch: listSearch(CERTIFICATE_FILTERS),
  component: CertificatesRoute,
});
function CertificatesRoute() {
  const search = certificates.useSearch();
  return <CertificatesPage search={search} {...useListAddress('/certificates', search, {})} />;
}

const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsRoute });
function SettingsRoute() {
  return <SettingsPage user={useUser()} />;
}

const searchHelp = createRoute({
  getParentRoute: () => root,
  path: '/search-help',
  component: SearchHelpPage,
});

function NowhereRoute() {
  return (
    <PageFrame title="There is no such page">
      <Empty
        title="This address leads nowhere"
        actions={
          <ButtonLink variant="primary" to="/">
            Overview
          </ButtonLink>
        }
      />
    </PageFrame>
  );
}

export function makeRouter(client: QueryClient) {
  return createRouter({
    context: { client },
    routeTree: root.addChildren([
      overview,
      posture,
      findings,
      finding,
      nodes,
      node,
      remediations,
      newPlan,
      plans,
      plan,
      runs,
      run,
      alerts,
      alert,
      targets,
      target,
      deliveries,
      silences,
      newSilence,
      certificates,
      audit,
      settings,
      searchHelp,
    ]),
    defaultComponent: Outlet,
    // Filters stand in the address as plain words: ?severity=high&q=poodle
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const words = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
      return words.length === 0
        ? ''
        : `?${new URLSearchParams(words.map(([name, value]) => [name, String(value)]))}`;
    },
    scrollRestoration: true,
  });
}
