import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { casError } from '@castellan/shared/errors/cas-error';
import type { Plan } from '@castellan/shared/model/plan';
import { isDone, type RunEvent } from '@castellan/shared/model/run';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { nodeRandom } from '../adapters/node-random.js';
import { nodeRunLock } from '../adapters/node-run-lock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { nodeExecutor } from '../app/node-executor.js';
import type { Settings } from '../config/settings.js';
import { remediations } from '../registry/remediations.generated.js';
import { planText } from './format/plan.js';
import type { Output } from './output.js';
import { settingsOf } from './settings-of.js';
import { folderArgument, readNamed, type TreeOptions, versionArgument } from './tree-options.js';

interface RemediateOptions extends TreeOptions {
  readonly config?: string;
  readonly state?: string;
  readonly set: readonly string[];
  readonly secretFile: readonly string[];
  readonly format: 'diff' | 'json';
  readonly yes?: boolean;
}

const EXIT_FAILURE = 1;

/** What is approved by whoever reads it: nothing in it hides, nothing in it is obeyed by the terminal. */
function shown(plan: Plan, format: RemediateOptions['format'], colour: boolean): string {
  return format === 'json'
    ? visibleJson(`${JSON.stringify(plan, null, 2)}\n`)
    : planText(visibleDeep(plan), colour);
}

export function planCommand(output: Output, signal: AbortSignal): Command {
  return withOptions(
    new Command('plan').description('what a remediation would change on this node; writes nothing'),
  )
    .option(
      '--live',
      'the tree at --root is a running node: its programs may be run, its listeners inspected',
    )
    .addHelpText(
      'after',
      `\nRemediations:\n${list()}\n\nExamples:\n  castellan-agent plan tls-protocols\n  castellan-agent plan certificate-renew --set service=ecconfigd\n  castellan-agent plan securecreds-enable --secret-file password=/root/ecuser.password`,
    )
    .action(async (slug: string, options: RemediateOptions) => {
      const plan = await planned(slug, options, signal, options.live === true || options.root === '/');
      output.out(shown(plan, options.format, output.colour));
    });
}

export function undoCommand(output: Output, signal: AbortSignal): Command {
  const command = withOptions(
    new Command('undo').description("a finished run's own way back, as a plan; writes nothing"),
    '<run>',
    'its id: of the journal, the console, or what apply printed',
  );
  return command
    .option('--state <dir>', 'the state folder: journal and backups')
    .addHelpText(
      'after',
      '\nCarry it out with:\n  castellan-agent apply undo --set run=RUN\n\nExamples:\n  castellan-agent undo run_01J8ZK',
    )
    .action(async (run: string, options: RemediateOptions) => {
      const asked = { ...options, set: [...options.set, `run=${run}`] };
      const plan = await planned('undo', asked, signal, true);
      output.out(shown(plan, options.format, output.colour));
    });
}

export function applyCommand(output: Output, signal: AbortSignal): Command {
  return withOptions(
    new Command('apply').description(
      'carry a remediation out on this node: journalled, verified, or put back',
    ),
  )
    .option('--yes', 'without asking')
    .option('--state <dir>', 'the state folder: journal and backups')
    .addHelpText(
      'after',
      '\nA tree at --root counts as a running node.\n\nExamples:\n  castellan-agent apply permissions-repair\n  castellan-agent apply certificate-renew --set service=ecconfigd --yes',
    )
    .action(async (slug: string, options: RemediateOptions) => {
      process.exitCode = await apply(slug, options, output, signal);
    });
}

function withOptions(command: Command, argument = '<remediation>', what = 'its name'): Command {
  return command
    .argument(argument, what)
    .option('--root <dir>', 'a tree as if it were /', folderArgument, '/')
    .option('--set <name=value>', 'a parameter; may be given more than once', pairs, [])
    .option('--secret-file <name=file>', 'a parameter that is a secret, from a file (- is stdin)', pairs, [])
    .option('--config <file>', 'the settings file (default /etc/castellan/agent.yaml, where it exists)')
    .option('--assume-momentum <version>', 'the Momentum version, where nothing tells it', versionArgument)
    .option('--no-probe', 'do not probe listeners')
    .addOption(
      new Option('--format <format>', 'how to print the plan').choices(['diff', 'json']).default('diff'),
    );
}

function list(): string {
  return remediations.map(({ slug, title }) => `  ${slug.padEnd(20)} ${title}`).join('\n');
}

function pairs(given: string, before: readonly string[]): string[] {
  if (!/^[A-Za-z][A-Za-z0-9_-]*=/.test(given)) throw new InvalidArgumentError('It looks like name=value.');
  return [...before, given];
}

function paramsOf(slug: string, { set, secretFile }: RemediateOptions): Record<string, string> {
  const params: Record<string, string> = {};
  const known = remediations.find((one) => one.slug === slug)?.params ?? {};
  for (const [name, value] of set.map(split)) {
    if (known[name]?.kind === 'secret')
      throw casError(
        'CAS_PARAM_INVALID',
        `${name} is a secret and would be seen in the list of processes: give it with --secret-file ${name}=FILE`,
      );
    params[name] = value;
  }
  for (const [name, file] of secretFile.map(split)) params[name] = readNamed(file).replace(/\r?\n$/, '');
  return params;
}

function split(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** State and audit-only come from the settings; what is inspected comes from the command line. */
function settingsFor(options: RemediateOptions): Settings {
  return settingsOf(options.config, {
    root: options.root,
    ...(options.state === undefined ? {} : { state: options.state }),
  }).settings;
}

function executorFor(options: RemediateOptions, settings: Settings, signal: AbortSignal, live: boolean) {
  return nodeExecutor({
    ports: nodePorts(options.root, { live, probe: options.probe }),
    store: nodeStateStore(settings.state),
    lock: nodeRunLock(`${settings.state}/run.lock`),
    settings: {
      nodeName: settings.name,
      assumeMomentum: options.assumeMomentum ?? settings.assumeMomentum,
      probe: options.probe && live,
      live,
    },
    allow: null,
    isAuditOnly: () => existsSync(settings.auditOnlyFile),
    signal,
  });
}

async function planned(
  slug: string,
  options: RemediateOptions,
  signal: AbortSignal,
  live: boolean,
): Promise<Plan> {
  const plan = await executorFor(options, settingsFor(options), signal, live).plan(
    slug,
    paramsOf(slug, options),
  );
  if (!plan.ok) throw plan.error;
  return plan.value;
}

async function apply(
  slug: string,
  options: RemediateOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const settings = settingsFor(options);
  const executor = executorFor(options, settings, signal, true);
  const events: RunEvent[] = [];
  const tell = (event: RunEvent): void => {
    events.push(event);
    output.note(`${event.state.padEnd(12)} ${event.line}${event.error ? ` (${event.error})` : ''}\n`);
  };
  await executor.recover(tell);
  const params = paramsOf(slug, options);
  const plan = await executor.plan(slug, params);
  if (!plan.ok) throw plan.error;
  output.out(shown(plan.value, options.format, output.colour));
  if (options.yes !== true && !(await isConfirmed())) {
    output.note('castellan-agent: nothing was changed\n');
    return 1;
  }
  await executor.apply({ runId: nodeRandom.id(), slug, params, planDigest: plan.value.digest }, tell);
  const last = events.at(-1);
  return last && isDone(last.state) ? 0 : EXIT_FAILURE;
}

async function isConfirmed(): Promise<boolean> {
  if (process.stdin.isTTY !== true)
    throw casError('CAS_INPUT_INVALID', 'nobody can be asked here: give --yes to carry it out');
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await line.question('Carry this out? [y/N] ')).trim().toLowerCase() === 'y';
  } finally {
    line.close();
  }
}
