import type { Vault } from '../ports/vault.js';
import type { TargetRecord } from '../store/target.repository.js';

/** Settings or secrets of a target, as its channel's schemas say. */
export type TargetValues = Readonly<Record<string, unknown>>;

export function sealSecrets({ vault }: { vault: Vault }, targetId: string, secrets: TargetValues): string {
  return vault.seal(Buffer.from(JSON.stringify(secrets)), `target:${targetId}`);
}

/** Opened for the moment of use. */
export function openSecrets(
  { vault }: { vault: Vault },
  { id, secretSealed }: Pick<TargetRecord, 'id' | 'secretSealed'>,
): TargetValues {
  const text = Buffer.from(vault.open(secretSealed, `target:${id}`)).toString('utf8');
  // Before there were channels, a target had the secret of its webhook alone.
  return text.startsWith('{') ? (JSON.parse(text) as TargetValues) : { secret: text };
}
