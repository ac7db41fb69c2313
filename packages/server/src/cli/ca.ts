import { casError } from '@castellan/shared/errors/cas-error';
import type { Command } from 'commander';
import {
  authorityStatus,
  finishRotation,
  retireAuthority,
  rotateAuthority,
} from '../services/rotate-authority.js';
import { addServiceAuthorityCommands } from './ca-services.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';

/** `castellan-server ca ...` */
export function addAuthorityCommands(program: Command, config: readonly [string, string]): void {
  const ca = program.command('ca').description("the authority of the fleet's certificates");
  ca.command('status')
    .description('print each authority: its end, how many certificates are of it, who does not trust it yet')
    .option('--json', 'print JSON')
    .option(...config)
    .action(status);
  ca.command('rotate')
    .description('make the next authority; nodes go over to it while the one before is trusted')
    .option('--finish', 'instead: give the agent listener its certificate of the new one now')
    .option('--force', 'with --finish: also when that locks nodes out')
    .option(...config)
    .action(rotate);
  ca.command('retire')
    .description('end the trust in the authority of before, when no node depends on it')
    .option(...config)
    .action(retire);
  addServiceAuthorityCommands(ca, config);
}

async function status(options: ConfigOption & { json?: boolean }): Promise<void> {
  const views = await withCore(options.config, ({ ctx }) => authorityStatus(ctx));
  const rows = options.json
    ? views
    : views.map((one) => ({ ...one, unconfirmed: one.unconfirmed.join(' ') || '-' }));
  printRows(
    rows as readonly (typeof rows)[number][],
    ['fingerprint', 'endsAt', 'issuing', 'serving', 'certificates', 'unconfirmed'],
    options.json,
  );
}

async function rotate(options: ConfigOption & { finish?: boolean; force?: boolean }): Promise<void> {
  if (options.finish) return finish(options);
  if (options.force) throw casError('CAS_INPUT_INVALID', '--force goes with --finish');
  const { fingerprint } = await withCore(options.config, ({ ctx, maker }) =>
    rotateAuthority(ctx, caller(), maker).then(unwrap),
  );
  say(
    `made the authority ${fingerprint}; nodes are told of it and renew. Make a backup now: one of before knows nothing of it. "castellan-server ca status" says who trusts it`,
  );
}

async function finish(options: ConfigOption & { force?: boolean }): Promise<void> {
  await withCore(options.config, async ({ ctx }) => {
    const unconfirmed = (await authorityStatus(ctx)).at(-1)?.unconfirmed ?? [];
    // Before it is done: the list is there even if this process ends in it.
    if (options.force && unconfirmed.length > 0)
      say(`locked out until they are enrolled again: ${unconfirmed.join(', ')}`);
    unwrap(await finishRotation(ctx, caller(), options.force ?? false));
  });
  say("the agent listener's next certificate is of the new authority");
}

async function retire(options: ConfigOption): Promise<void> {
  const fingerprint = await withCore(options.config, ({ ctx }) =>
    retireAuthority(ctx, caller()).then(unwrap),
  );
  say(`the authority ${fingerprint} is trusted no more, and its key is destroyed`);
}
