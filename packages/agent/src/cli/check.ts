import { casError } from '@castellan/shared/errors/cas-error';
import type { CheckReport } from '@castellan/shared/model/check-report';
import { isAtLeast, SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import { Command, Option } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { scanOnce } from '../app/scan-once.js';
import { controls } from '../registry/controls.generated.js';
import { junitOf } from './format/junit.js';
import { sarifOf } from './format/sarif.js';
import { tableOf } from './format/table.js';
import type { Output } from './output.js';
import { folderArgument, type TreeOptions, versionArgument } from './tree-options.js';

interface CheckOptions extends TreeOptions {
  readonly policy?: string;
  readonly only?: readonly string[];
  readonly format: 'table' | 'json' | 'sarif' | 'junit';
  readonly failOn: Severity | 'none';
  readonly failOnUnknown?: boolean;
}

const EXIT_FINDINGS = 3;

export function checkCommand(output: Output, signal: AbortSignal): Command {
  return new Command('check')
    .description('scan this node and say what is wrong, where, and what would fix it')
    .option('--root <dir>', 'read a tree as if it were /', folderArgument, '/')
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
    .addHelpText('after', HELP)
    .action(async (options: CheckOptions) => {
      process.exitCode = await check(options, output, signal);
    });
}

const HELP = `
Examples:
  castellan-agent check
  castellan-agent check --format json > report.json
  castellan-agent check --root /srv/node-image --assume-momentum 3.6.6 --fail-on medium --fail-on-unknown
  castellan-agent check --only MOM-TLS-001,MOM-CRED-001

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
  const live = options.live === true || options.root === '/';
  const looked = await scanOnce({
    ports: nodePorts(options.root, { live, probe: options.probe, isAlone: true }),
    settings: {
      nodeName: null,
      assumeMomentum: options.assumeMomentum ?? null,
      probe: options.probe && live,
      live,
    },
    ...(policy ? { policy } : {}),
    ...(options.only ? { only: options.only } : {}),
    signal,
  });
  const install = looked.states.get('install');
  if (install?.state === 'unavailable') throw casError('CAS_NO_MOMENTUM', install.reason);
  output.out(format(looked.report, options.format, output.colour));
  const isUnknown = options.failOnUnknown === true && unknownIn(looked.report) > 0;
  return isUnknown || isFailing(looked.report, options.failOn) ? EXIT_FINDINGS : 0;
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
