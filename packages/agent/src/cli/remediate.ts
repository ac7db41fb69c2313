import { createInterface } from 'node:readline/promises';
import { casError } from '@castellan/shared/errors/cas-error';
import type { Plan } from '@castellan/shared/model/plan';
import { isDone, type RunEvent } from '@castellan/shared/model/run';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nodeRandom } from '../adapters/node-random.js';
import { remediations } from '../registry/remediations.generated.js';
import { rootOf, withBesideOptions } from './beside-options.js';
import { type Carrier, type CarrierOptions, carrierHere } from './carrier.js';
import { planText } from './format/plan.js';
import { carriedOut } from './lost-link.js';
import type { Output } from './output.js';
import { readNamed, versionArgument } from './tree-options.js';

interface RemediateOptions extends CarrierOptions {
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
  const command = withBesideOptions(
    withOptions(
      new Command('plan').description('what a remediation would change on this node; writes nothing'),
    ),
  );
  return command
    .option(
      '--live',
      'the tree at --root is a running node: its programs may be run, its listeners inspected',
    )
    .addHelpText(
      'after',
      `\nRemediations:\n${list()}\n\nExamples:\n  castellan-agent plan tls-protocols\n  castellan-agent plan certificate-renew --set service=ecconfigd\n  castellan-agent plan securecreds-enable --secret-file password=/root/ecuser.password\n  castellan-agent plan permissions-repair --host castellan@mta1.example.com`,
    )
    .action(async (slug: string, given: RemediateOptions) => {
      const options = { ...given, root: rootOf(command, given.root, given.host) };
      await showPlan(slug, options, output, signal, options.live === true || options.root === '/');
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
    .action(async (run: string, given: RemediateOptions) => {
      const root = rootOf(command, given.root, undefined);
      await showPlan('undo', { ...given, root, set: [...given.set, `run=${run}`] }, output, signal, true);
    });
}

export function applyCommand(output: Output, signal: AbortSignal): Command {
  const command = withBesideOptions(
    withOptions(
      new Command('apply').description(
        'carry a remediation out on this node: journalled, verified, or put back',
      ),
    ),
  );
  return command
    .option('--yes', 'without asking')
    .option('--state <dir>', 'the state folder: journal and backups')
    .addHelpText(
      'after',
      '\nA tree at --root counts as a running node.\n\nExamples:\n  castellan-agent apply permissions-repair\n  castellan-agent apply certificate-renew --set service=ecconfigd --yes\n  castellan-agent apply permissions-repair --host castellan@mta1.example.com',
    )
    .action(async (slug: string, given: RemediateOptions) => {
      const options = { ...given, root: rootOf(command, given.root, given.host) };
      process.exitCode = await apply(slug, options, output, signal);
    });
}

function withOptions(command: Command, argument = '<remediation>', what = 'its name'): Command {
  return command
    .argument(argument, what)
    .option('--root <dir>', 'a tree as if it were /', '/')
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

async function carrierFor(
  options: RemediateOptions,
  signal: AbortSignal,
  { live, mode }: { readonly live: boolean; readonly mode: 'look' | 'change' },
): Promise<Carrier> {
  const { host } = options;
  if (host === undefined) return carrierHere(options, signal, live);
  // Read only here: most runs are carried out on the node itself.
  const { carrierBeside } = await import('./carrier-beside.js');
  return carrierBeside({ ...options, host }, signal, mode);
}

async function showPlan(
  slug: string,
  options: RemediateOptions,
  output: Output,
  signal: AbortSignal,
  live: boolean,
): Promise<void> {
  const carrier = await carrierFor(options, signal, { live, mode: 'look' });
  try {
    const plan = await planned(carrier, slug, options);
    output.out(shown(plan, options.format, output.colour));
    tellLimits(carrier, output);
  } finally {
    await carrier.close();
  }
}

function tellLimits({ limits }: Carrier, output: Output): void {
  for (const line of limits) output.note(`castellan-agent: not promised on this node: ${line}\n`);
}

async function planned(carrier: Carrier, slug: string, options: RemediateOptions): Promise<Plan> {
  const refusal = carrier.refusalOf(slug);
  if (refusal !== null) throw casError('CAS_PLAN_REFUSED', refusal);
  const plan = await carrier.executor.plan(slug, paramsOf(slug, options));
  if (!plan.ok) throw plan.error;
  return plan.value;
}

async function apply(
  slug: string,
  options: RemediateOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const open = () => carrierFor(options, signal, { live: true, mode: 'change' });
  const tell = (event: RunEvent): void => {
    output.note(`${event.state.padEnd(12)} ${event.line}${event.error ? ` (${event.error})` : ''}\n`);
  };
  let carrier = await open();
  try {
    await carrier.executor.recover(tell);
    const plan = await planned(carrier, slug, options);
    output.out(shown(plan, options.format, output.colour));
    tellLimits(carrier, output);
    if (options.yes !== true) {
      // A node is not kept waiting for a person.
      await carrier.close();
      if (!(await isConfirmed())) {
        output.note('castellan-agent: nothing was changed\n');
        return EXIT_FAILURE;
      }
      carrier = await open();
    }
    const request = {
      runId: nodeRandom.id(),
      slug,
      params: paramsOf(slug, options),
      planDigest: plan.digest,
    };
    const last = await carriedOut(carrier, request, { open, tell, note: output.note });
    return last && isDone(last.state) ? 0 : EXIT_FAILURE;
  } finally {
    await carrier.close();
  }
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
