import { casError } from '@castellan/shared/errors/cas-error';
import type { CheckReport } from '@castellan/shared/model/check-report';
import { isAtLeast, SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import { Command, Option } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { type Scanned, type ScanRequest, scanOnce } from '../app/scan-once.js';
import { controls } from '../registry/controls.generated.js';
import { type BesideOptions, rootOf, withBesideOptions } from './beside-options.js';
import { junitOf } from './format/junit.js';
import { sarifOf } from './format/sarif.js';
import { tableOf } from './format/table.js';
import type { Output } from './output.js';
import { type TreeOptions, versionArgument } from './tree-options.js';

interface CheckOptions extends TreeOptions, BesideOptions {
  readonly policy?: string;
  readonly only?: readonly string[];
  readonly format: 'table' | 'json' | 'sarif' | 'junit';
  readonly failOn: Severity | 'none';
  readonly failOnUnknown?: boolean;
}

const EXIT_FINDINGS = 3;

export function checkCommand(output: Output, signal: AbortSignal): Command {
  const command = new Command('check')
    .description('scan this node and say what is wrong, where, and what would fix it')
    .option('--root <dir>', 'read a tree as if it were /', '/')
    .option('--policy <file>', 'parameters of controls, and controls switched off (YAML)')
    .option('--only <ids>', 'only these controls, joined by commas', controlIds)
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'sarif', 'junit'])
        .default('table'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit 3 when something fails at or above it')
        .choices([...SEVERITIES, 'none'])
        .default('high'),
    )
    .option('--fail-on-unknown', 'exit 3 as well when something could not be judged')
    .option('--assume-momentum <version>', 'the Momentum version, where nothing tells it', versionArgument)
    .option(
      '--live',
      'the tree at --root is a running node: its programs may be run, its listeners inspected',
    )
    .option('--no-probe', 'do not probe listeners')
    .addHelpText('after', HELP);
  return withBesideOptions(command).action(async (given: CheckOptions) => {
    const options = { ...given, root: rootOf(command, given.root, given.host) };
    process.exitCode = await check(options, output, signal);
  });
}

const HELP = `
Examples:
  castellan-agent check
  castellan-agent check --format json > report.json
  castellan-agent check --root /srv/node-image --assume-momentum 3.6.6 --fail-on medium --fail-on-unknown
  castellan-agent check --only MOM-TLS-001,MOM-CRED-001
  castellan-agent check --host root@mta1.example.com

Exit codes: 0 nothing at or above --fail-on (what could not be judged counts with --fail-on-unknown only), 1 failure,
2 usage, 3 findings.`;

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

async function check(options: CheckOptions, output: Output, signal: AbortSignal): Promise<number> {
  // Read only here: a check without a policy does not need the reader of YAML.
  const policy =
    options.policy === undefined ? undefined : (await import('./read-policy.js')).readPolicy(options.policy);
  const inspect = options.host === undefined ? inspectHere : inspectBeside;
  const looked = await inspect(options, policy, output, signal);
  const install = looked.states.get('install');
  if (install?.state === 'unavailable') throw casError('CAS_NO_MOMENTUM', install.reason);
  output.out(format(looked.report, options.format, output.colour));
  const isUnknown = options.failOnUnknown === true && unknownIn(looked.report) > 0;
  return isUnknown || isFailing(looked.report, options.failOn) ? EXIT_FINDINGS : 0;
}

type Inspect = (
  options: CheckOptions,
  policy: ScanRequest['policy'],
  output: Output,
  signal: AbortSignal,
) => Promise<Scanned>;

const inspectHere: Inspect = (options, policy, _output, signal) => {
  const live = options.live === true || options.root === '/';
  return scanOnce({
    ports: nodePorts(options.root, { live, probe: options.probe, isAlone: true }),
    ...requestOf(options, policy, live),
    signal,
  });
};

const inspectBeside: Inspect = async (options, policy, output, signal) => {
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
    return await scanOnce({
      ports: beside.ports,
      ...requestOf(options, policy, options.root === '/'),
      beside: beside.through,
      signal,
    });
  } finally {
    await beside.session.close();
  }
};

function requestOf(
  { assumeMomentum, probe, only }: CheckOptions,
  policy: ScanRequest['policy'],
  live: boolean,
): Pick<ScanRequest, 'settings' | 'policy' | 'only'> {
  return {
    settings: { nodeName: null, assumeMomentum: assumeMomentum ?? null, probe: probe && live, live },
    ...(policy ? { policy } : {}),
    ...(only ? { only } : {}),
  };
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

export function isFailing(report: CheckReport, failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false;
  return report.verdicts.some((verdict) => verdict.status === 'fail' && isAtLeast(verdict.severity, failOn));
}
