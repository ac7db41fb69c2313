import { chmodSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { audited } from '../services/unit.js';
import { verifyAudit } from '../services/verify-audit.js';
import { caller, unwrap, withCore } from './core.js';
import { loadSettings } from './setup.js';

export async function backup(file: string, options: { config?: string }): Promise<void> {
  const path = resolve(file);
  if (existsSync(path))
    throw casError('CAS_INPUT_INVALID', `${path} is there already: a backup never overwrites`);
  await withCore(options.config, async ({ ctx, store }) => {
    unwrap(
      await audited(ctx, { actor: caller(), action: 'backup.make', object: path }, async () => undefined),
    );
    await store.backup(path);
  });
  chmodSync(path, 0o600);
  process.stderr.write(`wrote ${path}; the master key is not in it: keep that apart\n`);
}

export async function auditVerify(options: { config?: string }): Promise<void> {
  const check = await withCore(options.config, ({ store }) => verifyAudit(store));
  process.stdout.write(`${JSON.stringify(check)}\n`);
  if (check.brokenAt !== null) {
    throw casError(
      'CAS_CONFLICT',
      `line ${check.brokenAt} of the audit does not fit the one before it: it, or one near it, was changed`,
    );
  }
}

export function configPrint(options: { config?: string; origin?: boolean }): void {
  for (const { path, value, origin } of loadSettings(options.config).origins) {
    process.stdout.write(`${path}: ${JSON.stringify(value)}${options.origin ? `    # ${origin}` : ''}\n`);
  }
}
