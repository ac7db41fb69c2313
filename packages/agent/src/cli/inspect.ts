import { casError } from '@castellan/shared/errors/cas-error';
import type { CheckReport } from '@castellan/shared/model/check-report';
import { isAtLeast, type Severity } from '@castellan/shared/model/severity';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import type { WalkAhead } from '../adapters/descriptors/walk-ahead.js';
import { nodePorts } from '../adapters/node-ports.js';
import { type Scanned, type ScanRequest, scanOnce } from '../app/scan-once.js';
import { FIRST_LISTS } from '../knowledge/momentum/first-walk.js';
import { controls } from '../registry/controls.generated.js';
import type { CheckOptions } from './check.js';
import { junitOf } from './format/junit.js';
import { sarifOf } from './format/sarif.js';
import { tableOf } from './format/table.js';
import type { Output } from './output.js';

const EXIT_FINDINGS = 3;

interface Around {
  /** A walk of the configuration that has begun already. */
  readonly ahead: WalkAhead | null;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Inspects a node, prints what is wrong, and gives the exit code. */
export async function check(options: CheckOptions, around: Around): Promise<number> {
  const inspect = options.host === undefined ? inspectHere : inspectBeside;
  const looked = await inspect(options, await requestOf(options), around);
  const install = looked.states.get('install');
  if (install?.state === 'unavailable') throw casError('CAS_NO_MOMENTUM', install.reason);
  around.output.out(format(looked.report, options.format, around.output.colour));
  const isUnknown = options.failOnUnknown === true && unknownIn(looked.report) > 0;
  return isUnknown || isFailing(looked.report, options.failOn) ? EXIT_FINDINGS : 0;
}

type Inspect = (options: CheckOptions, request: Request, around: Around) => Promise<Scanned>;
type Request = Pick<ScanRequest, 'settings' | 'policy' | 'only'>;

const inspectHere: Inspect = ({ root, probe }, request, { ahead, signal }) =>
  scanOnce({
    ports: nodePorts(root, {
      live: request.settings.live,
      probe,
      isAlone: true,
      ahead,
      listsOf: FIRST_LISTS,
    }),
    ...request,
    signal,
  });

const inspectBeside: Inspect = async (options, request, { output, signal }) => {
  if (options.live) throw casError('CAS_INPUT_INVALID', '--live is for a tree of this host, not with --host');
  // Read only here: most checks are made on the node itself.
  const { openBeside, SKEW_TOLD_MS } = await import('./beside.js');
  const { host = '' } = options;
  const beside = await openBeside({ ...options, host }, { root: options.root, probe: options.probe, signal });
  try {
    if (Math.abs(beside.skewMs) > SKEW_TOLD_MS)
      output.note(
        `castellan-agent: the clock of ${beside.through} differs by ${Math.round(beside.skewMs / 1000)} s\n`,
      );
    return await scanOnce({ ports: beside.ports, ...request, beside: beside.through, signal });
  } finally {
    await beside.session.close();
  }
};

async function requestOf({
  root,
  live,
  assumeMomentum,
  probe,
  only,
  policy,
}: CheckOptions): Promise<Request> {
  const isLive = live === true || root === '/';
  return {
    settings: {
      nodeName: null,
      assumeMomentum: assumeMomentum ?? null,
      probe: probe && isLive,
      live: isLive,
    },
    ...(only === undefined ? {} : { only: controlIds(only) }),
    // Read only here: a check without a policy does not need the reader of YAML.
    ...(policy === undefined ? {} : { policy: (await import('./read-policy.js')).readPolicy(policy) }),
  };
}

function controlIds(given: string): string[] {
  const ids = given
    .split(',')
    .map((id) => id.trim().toUpperCase())
    .filter(Boolean);
  const unknown = ids.find((id) => !controls.some((control) => control.id === id));
  if (unknown !== undefined || ids.length === 0)
    throw casError(
      'CAS_CONTROL_UNKNOWN',
      `there is no control ${unknown ?? given} (castellan-agent explain lists them)`,
    );
  return ids;
}

function format(report: CheckReport, as: CheckOptions['format'], colour: boolean): string {
  switch (as) {
    case 'table':
      return tableOf(visibleDeep(report), colour);
    case 'json':
      return visibleJson(`${JSON.stringify(report, null, 2)}\n`);
    case 'sarif':
      return visibleJson(sarifOf(report));
    case 'junit':
      return junitOf(visibleDeep(report));
  }
}

/** Verdicts that are neither a pass nor a failure for want of evidence. */
function unknownIn({ summary: { indeterminate, errored } }: CheckReport): number {
  return indeterminate + errored;
}

function isFailing(report: CheckReport, failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false;
  return report.verdicts.some((verdict) => verdict.status === 'fail' && isAtLeast(verdict.severity, failOn));
}
