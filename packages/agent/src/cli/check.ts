import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { Command, Option } from 'commander';
import { WalkAhead } from '../adapters/descriptors/walk-ahead.js';
import { FIRST_WALK } from '../knowledge/momentum/first-walk.js';
import { type BesideOptions, rootOf, withBesideOptions } from './beside-options.js';
import type { Output } from './output.js';
import { type TreeOptions, versionArgument } from './tree-options.js';

export interface CheckOptions extends TreeOptions, BesideOptions {
  readonly policy?: string;
  /** Ids of controls, as they were given. */
  readonly only?: string;
  readonly format: 'table' | 'json' | 'sarif' | 'junit';
  readonly failOn: Severity | 'none';
  readonly failOnUnknown?: boolean;
}

export function checkCommand(output: Output, signal: AbortSignal): Command {
  const command = new Command('check')
    .description('scan this node and say what is wrong, where, and what would fix it')
    .option('--root <dir>', 'read a tree as if it were /', '/')
    .option('--policy <file>', 'parameters of controls, and controls switched off (YAML)')
    .option('--only <ids>', 'only these controls, joined by commas')
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
    process.exitCode = await inspectAndSay(options, output, signal);
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

/** A child walks a large configuration while this process loads all that judges it: that takes as long as some 20,000 files. */
async function inspectAndSay(options: CheckOptions, output: Output, signal: AbortSignal): Promise<number> {
  const { root, host, only } = options;
  // Of some controls nobody knows yet whether they ask for it; of another host there is nothing to open here.
  const isAsked = host === undefined && only === undefined;
  const ahead = isAsked ? WalkAhead.begin(root, FIRST_WALK) : null;
  try {
    const { check } = await import('./inspect.js');
    return await check(options, { ahead, output, signal });
  } finally {
    ahead?.end();
  }
}
