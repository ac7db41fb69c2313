import type { Facts } from '../src/facts/facts.generated.js';
import { caseService } from './cases/certificate.js';
import { type Given, ME, tree } from './remediation.js';

type Service = Facts['serviceCertificates']['services'][number];

/** A node whose service speaks no TLS yet and has no pair; its init script answers status with `code` (0: it runs). */
export function givenTlsOff(
  service: 'ecwebui' | 'msyspg',
  files: Readonly<Record<string, string>>,
  {
    over = {},
    location = {},
    facts = {},
    params = {},
    code = 0,
  }: {
    readonly over?: Partial<Service>;
    readonly location?: Partial<Service['location']>;
    readonly facts?: Readonly<Record<string, unknown>>;
    readonly params?: Readonly<Record<string, string>>;
    readonly code?: number;
  } = {},
): Given {
  const base = caseService(service, 200);
  const missing = { state: 'unread', problem: 'missing', detail: 'there is none' } as const;
  const off: Service = {
    ...base,
    location: { ...base.location, tls: 'off', ...location },
    certificate: missing,
    key: missing,
    matches: null,
    ...over,
  };
  return {
    root: tree(files),
    facts: {
      serviceCertificates: { services: [off], unknowns: [] },
      install: { serviceUser: ME, databaseUser: { ...ME, name: 'msyspg' }, os: { family: 'linux' } },
      ...facts,
    },
    params,
    exec: ({ argv }) =>
      argv[0] === 'status'
        ? { kind: 'exited', code, stdout: '', stderr: '' }
        : { kind: 'unstarted', problem: 'forbidden', detail: '' },
    probe: () => (code === 0 ? { kind: 'no-tls', detail: 'N' } : { kind: 'closed', detail: 'nobody' }),
  };
}
