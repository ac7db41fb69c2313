import { caseService, caseServices } from '../../../testing/cases/certificate.js';
import { defineCases } from '../../units/case.js';

const healthy = caseService('ecwebui', 200);
const at = { file: healthy.location.certificatePath };

export default defineCases([
  { name: 'key and certificate belong together', facts: caseServices(healthy), expect: { status: 'pass' } },
  { name: 'the node does not run it', facts: caseServices(), expect: { status: 'not-applicable' } },
  {
    name: 'TLS is off',
    facts: caseServices(caseService('ecwebui', 200, { location: { ...healthy.location, tls: 'off' } })),
    expect: { status: 'fail', violations: 1, at: healthy.location.decidedBy },
  },
  {
    name: 'the certificate is of another key',
    facts: caseServices(caseService('ecwebui', 200, { matches: false })),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'the certificate is empty',
    facts: caseServices(
      caseService('ecwebui', 200, {
        certificate: { state: 'unread', problem: 'empty', detail: 'the file is empty' },
        matches: null,
      }),
    ),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'the key asks for a passphrase',
    facts: caseServices(
      caseService('ecwebui', 200, {
        key: { state: 'encrypted', detail: 'it asks for a passphrase' },
        matches: null,
      }),
    ),
    expect: { status: 'fail', violations: 1, at: { file: healthy.location.keyPath } },
  },
  {
    name: 'the key could not be read',
    facts: caseServices(
      caseService('ecwebui', 200, {
        key: { state: 'unread', problem: 'denied', detail: 'permission denied' },
        matches: null,
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the settings could not be read',
    facts: caseServices(caseService('ecwebui', 200, { location: { ...healthy.location, tls: 'unknown' } })),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'of two pairs one is of another key',
    facts: caseServices(
      caseService('ecwebui', 200, { location: { ...healthy.location, name: 'a:443 /a.crt' } }),
      caseService('ecwebui', 200, {
        location: { ...healthy.location, name: 'a:443 /b.crt' },
        matches: false,
      }),
    ),
    expect: {
      status: 'fail',
      subjects: { 'webui a:443 /a.crt': 'pass', 'webui a:443 /b.crt': 'fail' },
    },
  },
  {
    name: 'a line that was not understood may change this host',
    facts: caseServices(
      caseService('ecwebui', 200, { location: { ...healthy.location, doubt: 'IfDefine X' } }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'TLS is on and no certificate is named',
    facts: caseServices(caseService('ecwebui', 200, { location: { ...healthy.location, isUnnamed: true } })),
    expect: { status: 'fail', violations: 1, at: healthy.location.decidedBy },
  },
  {
    name: 'the passphrase of the key comes from a program',
    facts: caseServices(
      caseService('ecwebui', 200, {
        location: { ...healthy.location, passphraseFrom: 'exec:/opt/pass' },
        key: { state: 'encrypted', detail: 'it asks for a passphrase' },
        matches: null,
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a line that was not understood may make further hosts',
    facts: () => ({
      serviceCertificates: {
        services: [caseService('ecwebui', 200, { location: { ...healthy.location, name: 'a:443 /a.crt' } })],
        unknowns: [{ service: 'ecwebui', at: { file: '/httpd.conf', line: 3 }, why: 'IfDefine X' }],
      },
    }),
    expect: {
      status: 'indeterminate',
      subjects: { 'webui a:443 /a.crt': 'pass', webui: 'indeterminate' },
    },
  },
]);
