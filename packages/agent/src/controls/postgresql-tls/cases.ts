import { caseService, caseServices } from '../../../testing/cases/certificate.js';
import { defineCases } from '../../units/case.js';

const healthy = caseService('msyspg', 200);
const at = { file: healthy.location.certificatePath };

export default defineCases([
  { name: 'key and certificate belong together', facts: caseServices(healthy), expect: { status: 'pass' } },
  { name: 'the node does not run it', facts: caseServices(), expect: { status: 'not-applicable' } },
  {
    name: 'TLS is off',
    facts: caseServices(caseService('msyspg', 200, { location: { ...healthy.location, tls: 'off' } })),
    expect: { status: 'fail', violations: 1, at: healthy.location.decidedBy },
  },
  {
    name: 'it lets another host in without TLS',
    facts: caseServices(
      caseService('msyspg', 200, {
        plainAccess: { lines: [{ at, text: 'host all all 0.0.0.0/0 md5' }], unread: null },
      }),
    ),
    expect: { status: 'fail', severity: 'low', violations: 1, at },
  },
  {
    name: 'the certificate is of another key',
    facts: caseServices(caseService('msyspg', 200, { matches: false })),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'the certificate is empty',
    facts: caseServices(
      caseService('msyspg', 200, {
        certificate: { state: 'unread', problem: 'empty', detail: 'the file is empty' },
        matches: null,
      }),
    ),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'the key asks for a passphrase',
    facts: caseServices(
      caseService('msyspg', 200, {
        key: { state: 'encrypted', detail: 'it asks for a passphrase' },
        matches: null,
      }),
    ),
    expect: { status: 'fail', violations: 1, at: { file: healthy.location.keyPath } },
  },
  {
    name: 'the key could not be read',
    facts: caseServices(
      caseService('msyspg', 200, {
        key: { state: 'unread', problem: 'denied', detail: 'permission denied' },
        matches: null,
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the certificate is DER',
    facts: caseServices(
      caseService('msyspg', 200, {
        certificate: { state: 'unread', problem: 'not-pem', detail: 'it is not PEM but DER' },
        matches: null,
      }),
    ),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'a program gives the pass phrase of the key',
    facts: caseServices(
      caseService('msyspg', 200, {
        key: { state: 'unread', problem: 'unclear', detail: 'the key is encrypted' },
        matches: null,
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the certificate is root’s alone',
    facts: caseServices(
      caseService('msyspg', 200, {
        reach: {
          certificate: { kind: 'denied', path: at.file, access: { uid: 0, gid: 0, mode: 0o600 } },
          key: { kind: 'readable' },
        },
      }),
    ),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'whether the certificate can be read is not known',
    facts: caseServices(
      caseService('msyspg', 200, {
        reach: { certificate: { kind: 'unknown', problem: 'failed' }, key: { kind: 'readable' } },
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a line of pg_hba.conf is not understood',
    facts: caseServices(
      caseService('msyspg', 200, {
        plainAccess: { lines: [], unread: '/var/db/msyspg/pg_hba.conf:3 has no method' },
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the settings could not be read',
    facts: caseServices(caseService('msyspg', 200, { location: { ...healthy.location, tls: 'unknown' } })),
    expect: { status: 'indeterminate' },
  },
]);
