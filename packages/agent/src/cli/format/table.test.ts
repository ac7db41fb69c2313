import type { Verdict } from '@castellan/shared/model/verdict';
import { expect, it } from 'vitest';
import { remediations } from '../../registry/remediations.generated.js';
import { SECRET_PARAMS } from '../../registry/secret-params.generated.js';
import { commandOf } from './table.js';

const verdict = (remediation: string | null, params?: Record<string, string>) =>
  ({ remediation, ...(params ? { params } : {}) }) as Verdict;

it.each<[string, Verdict, string | null]>([
  ['none', verdict(null), null],
  ['one without parameters', verdict('tls-protocols'), 'castellan-agent plan tls-protocols'],
  [
    'one with what the verdict carries',
    verdict('certificate-renew', { service: 'msyspg' }),
    'castellan-agent plan certificate-renew --set service=msyspg',
  ],
  [
    'words that a shell would take apart',
    verdict('config-reload', { subject: "Listen 'a' $b" }),
    "castellan-agent plan config-reload --set 'subject=Listen '\\''a'\\'' $b'",
  ],
  [
    'a secret that must be given',
    verdict('securecreds-enable'),
    'castellan-agent plan securecreds-enable --secret-file password=-',
  ],
])('%s is a whole command', (_name, of, command) => {
  expect(commandOf(of)).toBe(command);
});

it('every secret that a remediation requires is in the table of secrets', () => {
  const required = remediations.flatMap(({ slug, params }) => {
    const names = Object.keys(params).filter(
      (name) => params[name]?.kind === 'secret' && params[name].required,
    );
    return names.length > 0 ? [[slug, names]] : [];
  });
  expect(SECRET_PARAMS).toEqual(Object.fromEntries(required));
});
