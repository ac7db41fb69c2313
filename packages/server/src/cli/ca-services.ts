import type { Command } from 'commander';
import {
  makeServiceAuthority,
  retireServiceAuthority,
  serviceAuthorities,
} from '../services/service-authority.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';

/** `castellan-server ca services ...` */
export function addServiceAuthorityCommands(ca: Command, config: readonly [string, string]): void {
  const services = ca
    .command('services')
    .description('the authority that signs certificates of services; it lets nobody in here');
  services
    .command('make')
    .description(
      'make one, or the next: it signs from now on, and those of before stay until they are retired',
    )
    .option(...config)
    .action(make);
  services
    .command('status')
    .description('print each: its end, whether it signs, how many of its certificates are within their time')
    .option('--json', 'print JSON')
    .option(...config)
    .action(status);
  services
    .command('export')
    .description('print their certificates (PEM), for those who are to trust them')
    .option(...config)
    .action(printRoots);
  services
    .command('retire')
    .description(
      'sign with it no more, and destroy its key; certificates of it stay good for whoever trusts it',
    )
    .argument('<fingerprint>', 'as `ca services status` prints it')
    .option(...config)
    .action(retire);
}

async function make({ config }: ConfigOption): Promise<void> {
  const { fingerprint } = await withCore(config, ({ ctx, maker }) =>
    makeServiceAuthority(ctx, caller(), maker).then(unwrap),
  );
  say(
    `made the authority for services ${fingerprint}. Make a backup now: one of before knows nothing of it. "castellan-server ca services export" prints what clients are to trust; the setting services.domains says what it signs for`,
  );
}

async function status({ config, json }: ConfigOption & { json?: boolean }): Promise<void> {
  const views = await withCore(config, ({ ctx }) => serviceAuthorities(ctx));
  printRows(
    views.map(({ root: _, ...shown }) => shown),
    ['fingerprint', 'endsAt', 'signing', 'certificates'],
    json,
  );
}

async function printRoots({ config }: ConfigOption): Promise<void> {
  const views = await withCore(config, ({ ctx }) => serviceAuthorities(ctx));
  for (const { root } of views) process.stdout.write(`${root.trim()}\n`);
}

async function retire(fingerprint: string, { config }: ConfigOption): Promise<void> {
  await withCore(config, ({ ctx }) => retireServiceAuthority(ctx, caller(), fingerprint).then(unwrap));
  say(`the authority for services ${fingerprint} signs no more, and its key is destroyed`);
}
