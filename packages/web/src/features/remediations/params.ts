import type { Param } from '../../api/types.js';

export type Values = Readonly<Record<string, string>>;

/** Names of parameters that are still missing. A default fills what is left empty. */
export function missing(params: Readonly<Record<string, Param>>, values: Values): string[] {
  return Object.entries(params)
    .filter(([name, param]) => param.required && param.default === undefined && (values[name] ?? '') === '')
    .map(([name]) => name);
}

/** What is sent: given values only, each secret sealed. A secret's own text is in no result. */
export async function toSend(
  params: Readonly<Record<string, Param>>,
  values: Values,
  seal: (secret: string) => Promise<string>,
): Promise<Record<string, string>> {
  const sent: Record<string, string> = {};
  for (const [name, param] of Object.entries(params)) {
    const value = values[name] ?? '';
    if (value === '') continue;
    sent[name] = param.kind === 'secret' ? await seal(value) : value;
  }
  return sent;
}

/** Whether nothing can be asked for where a secret cannot be sealed. */
export function needsSecret(params: Readonly<Record<string, Param>>): boolean {
  return Object.values(params).some((param) => param.kind === 'secret' && param.required);
}

/** What can be asked for where a secret cannot be sealed. */
export function withoutSecrets(params: Readonly<Record<string, Param>>): Readonly<Record<string, Param>> {
  return Object.fromEntries(Object.entries(params).filter(([, param]) => param.kind !== 'secret'));
}
