import { casError } from '@castellan/shared/errors/cas-error';
import type { Command } from 'commander';
import { createToken, listTokens, revokeToken } from '../services/tokens.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';

const DURATION_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const STATE_WORDS = { good: 'good', revoked: 'revoked', usedUp: 'used up', expired: 'expired' } as const;

/** `castellan-server token ...` */
export function addTokenCommands(program: Command, config: readonly [string, string]): void {
  const token = program.command('token').description('enrolment tokens');
  token
    .command('create')
    .description('print a new token; it is shown once')
    .option('--group <name>', 'the group that new nodes join with it')
    .option('--replace <node>', 'instead: the one node that may be given a new key with it')
    .option('--ttl <duration>', 'how long it is valid: 30m, 1h, 7d', '1h')
    .option('--uses <count>', 'how many nodes may join with it', '1')
    .option(...config)
    .action(create);
  token
    .command('list')
    .description('print the tokens, and what has become of each')
    .option('--json', 'print JSON')
    .option(...config)
    .action(list);
  token
    .command('revoke <id>')
    .description('let nobody join with a token any more; nodes that joined with it stay')
    .option(...config)
    .action(revoke);
}

/** `90s`, `30m`, `1h`, `7d` in seconds. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const factor = DURATION_SECONDS[unit ?? ''];
  if (count === undefined || factor === undefined)
    throw casError('CAS_INPUT_INVALID', `"${text}" is not a duration: write 30m, 1h or 7d`);
  return Number(count) * factor;
}

async function create(
  options: ConfigOption & { group?: string; replace?: string; ttl: string; uses: string },
): Promise<void> {
  const { group, replace } = options;
  const order = {
    ...(group === undefined ? {} : { group }),
    ...(replace === undefined ? {} : { replace }),
    ttlSeconds: parseDuration(options.ttl),
    uses: Number(options.uses),
  };
  const { token } = await withCore(options.config, (core) =>
    createToken(core.ctx, caller(), order).then(unwrap),
  );
  process.stdout.write(`${token}\n`);
}

async function list(options: ConfigOption & { json?: boolean }): Promise<void> {
  const tokens = await withCore(options.config, ({ ctx }) => listTokens(ctx));
  const rows = tokens.map((token) => ({
    ...token,
    for: token.nodeName ?? `group ${token.group}`,
    uses: `${token.usesTotal - token.usesLeft} of ${token.usesTotal}`,
    is: STATE_WORDS[token.state],
  }));
  if (options.json) printRows(tokens, [], true);
  else printRows(rows, ['id', 'for', 'is', 'uses', 'expiresAt', 'createdBy']);
}

async function revoke(id: string, options: ConfigOption): Promise<void> {
  await withCore(options.config, ({ ctx }) => revokeToken(ctx, caller(), id).then(unwrap));
  say(`revoked ${id}`);
}
