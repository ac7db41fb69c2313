/** What the console listener needs to know of lists: it has no way to the store. */
export { AUDIT_SORTS } from '../store/audit.repository.js';
export { FINDING_SORTS } from '../store/finding.repository.js';
export { LIST_ROWS_MAX, type ListPage, type ListRequest } from '../store/list.js';
export { LINKS, NODE_SORTS, WORST } from '../store/node.repository.js';
export { PLAN_SORTS } from '../store/plan.repository.js';
export { RUN_SORTS } from '../store/run.repository.js';
