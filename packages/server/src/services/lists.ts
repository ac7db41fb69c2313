/** What the console listener needs to know of lists: it has no way to the store. */
export { ALERT_TYPES, REASONS } from '../domain/alert/alert.js';
export { ALERT_SORTS } from '../store/alert-list.js';
export { AUDIT_SORTS } from '../store/audit.repository.js';
export { CERTIFICATE_SORTS } from '../store/certificate.repository.js';
export { DELIVERY_SORTS } from '../store/delivery-list.js';
export { FINDING_SORTS } from '../store/finding.repository.js';
export { LIST_ROWS_MAX, type ListPage, type ListRequest } from '../store/list.js';
export { LINKS, NODE_SORTS, WORST } from '../store/node.repository.js';
export { PLAN_SORTS } from '../store/plan.repository.js';
export { RUN_SORTS } from '../store/run.repository.js';
