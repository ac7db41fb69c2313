// Made by tools/gen-registry.mjs from the folders of packages/server/src/api/routes. Do not edit: npm run gen
import type { RouteModule } from './route.js';
import * as alerts from './routes/alerts/index.js';
import * as audit from './routes/audit/index.js';
import * as authorities from './routes/authorities/index.js';
import * as certificates from './routes/certificates/index.js';
import * as controls from './routes/controls/index.js';
import * as deliveries from './routes/deliveries/index.js';
import * as events from './routes/events/index.js';
import * as findings from './routes/findings/index.js';
import * as health from './routes/health/index.js';
import * as metrics from './routes/metrics/index.js';
import * as nodes from './routes/nodes/index.js';
import * as overview from './routes/overview/index.js';
import * as plans from './routes/plans/index.js';
import * as posture from './routes/posture/index.js';
import * as remediations from './routes/remediations/index.js';
import * as runs from './routes/runs/index.js';
import * as session from './routes/session/index.js';
import * as sessions from './routes/sessions/index.js';
import * as silences from './routes/silences/index.js';
import * as targets from './routes/targets/index.js';
import * as tokens from './routes/tokens/index.js';
import * as users from './routes/users/index.js';

export const ROUTES: readonly RouteModule[] = [
  alerts,
  audit,
  authorities,
  certificates,
  controls,
  deliveries,
  events,
  findings,
  health,
  metrics,
  nodes,
  overview,
  plans,
  posture,
  remediations,
  runs,
  session,
  sessions,
  silences,
  targets,
  tokens,
  users,
];
