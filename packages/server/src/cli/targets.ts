import { casError } from '@castellan/shared/errors/cas-error';
import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Command } from 'commander';
import type { ServerContext } from '../services/context.js';
import type { TargetValues } from '../services/target-secrets.js';
import { createTarget, listChannels, listTargets, removeTarget, testTarget } from '../services/targets.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';
import { readText } from './setup.js';

interface CreateOptions extends ConfigOption {
  readonly kind: string;
  readonly url?: string;
  readonly secretFile?: string;
  readonly settingsFile?: string;
  readonly secretsFile?: string;
  readonly severityMin: string;
}

/** `castellan-server target ...` */
export function addTargetCommands(program: Command, config: readonly [string, string]): void {
  const target = program.command('target').description('where on-call is notified');
  target
    .command('create <name>')
    .description('make a target; secrets that are left out are made where the kind can, and printed once')
    .option('--kind <kind>', 'webhook, pagerduty, email ...; "target kinds" lists them', 'webhook')
    .option('--url <url>', 'of a webhook: where messages are posted to')
    .option('--secret-file <file>', 'of a webhook: file whose text is the secret, whsec_ and base64')
    .option('--settings-file <file>', 'JSON: what a target of the kind is set up with')
    .option('--secrets-file <file>', 'JSON: the part of it that is never shown again')
    .option('--severity-min <severity>', `minimum severity: ${SEVERITIES.join(', ')}`, 'low')
    .option(...config)
    .action(create);
  target
    .command('kinds')
    .description('print the kinds of targets, and what each is set up with, as JSON Schema')
    .option(...config)
    .action(kinds);
  target
    .command('list')
    .description('print the targets, and how each does')
    .option('--json', 'print JSON')
    .option(...config)
    .action(list);
  target
    .command('test <name>')
    .description('send a test message, and say how it went')
    .option(...config)
    .action(test);
  target
    .command('remove <name>')
    .description('remove a target; what waits to be sent there is dropped')
    .option(...config)
    .action(remove);
}

/** Settings and secrets by files; a webhook's also by options of its own. */
async function create(name: string, options: CreateOptions): Promise<void> {
  const { kind } = options;
  const settings = {
    ...valuesIn(options.settingsFile),
    ...(options.url === undefined ? {} : { url: options.url }),
  };
  const secrets =
    options.secretFile === undefined
      ? valuesIn(options.secretsFile)
      : { secret: readText(options.secretFile, 'CAS_INPUT_INVALID').trim() };
  const order = {
    name,
    kind,
    settings,
    ...(secrets === undefined ? {} : { secrets }),
    enabled: true,
    severityMin: severityOf(options.severityMin),
  };
  const made = await withCore(options.config, (core) => createTarget(core.ctx, caller(), order).then(unwrap));
  if (made.secrets !== undefined)
    for (const secret of Object.values(made.secrets)) process.stdout.write(`${secret}\n`);
  say(`made target "${name}"`);
}

function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((one) => one === text);
  if (severity === undefined)
    throw casError('CAS_INPUT_INVALID', `--severity-min: one of ${SEVERITIES.join(', ')}`);
  return severity;
}

/** What is wrong with a file is said without any of its text: it may hold secrets. */
function valuesIn(file: string | undefined): TargetValues | undefined {
  if (file === undefined) return undefined;
  const text = readText(file, 'CAS_INPUT_INVALID');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw casError('CAS_INPUT_INVALID', `${file}: this is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw casError('CAS_INPUT_INVALID', `${file}: a JSON object is wanted`);
  return value as TargetValues;
}

async function kinds(options: ConfigOption): Promise<void> {
  const channels = await withCore(options.config, async ({ ctx }) => listChannels(ctx));
  printRows(channels, [], true);
}

async function list(options: ConfigOption & { json?: boolean }): Promise<void> {
  const targets = await withCore(options.config, ({ ctx }) => listTargets(ctx));
  const rows = targets.map((target) => ({
    ...target,
    'min severity': target.severityMin,
    health: target.health.state,
    'last success': target.health.lastSuccessAt,
    waiting: target.health.pending,
    'given up': target.health.dead,
  }));
  if (options.json) printRows(targets, [], true);
  else printRows(rows, ['name', 'kind', 'min severity', 'health', 'last success', 'waiting', 'given up']);
}

async function test(name: string, options: ConfigOption): Promise<void> {
  const { ok, ms, detail } = await withCore(options.config, async ({ ctx }) =>
    unwrap(await testTarget(ctx, caller(), await idOf(ctx, name))),
  );
  if (!ok) throw casError('CAS_TARGET_FAILED', `"${name}": ${detail}`);
  say(`"${name}" took the test in ${ms} ms: ${detail}`);
}

async function remove(name: string, options: ConfigOption): Promise<void> {
  await withCore(options.config, async ({ ctx }) =>
    unwrap(await removeTarget(ctx, caller(), await idOf(ctx, name))),
  );
  say(`removed target "${name}"`);
}

async function idOf(ctx: ServerContext, name: string): Promise<string> {
  const found = (await listTargets(ctx)).find((target) => target.name === name);
  if (!found) throw casError('CAS_NOT_FOUND', `there is no target "${name}"`);
  return found.id;
}
