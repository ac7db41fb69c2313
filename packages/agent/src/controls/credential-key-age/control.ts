import { defineControl, fail, indeterminate, judgement, notApplicable, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const DAY_MS = 86_400_000;

export default defineControl({
  id: 'MOM-CRED-007',
  slug: 'credential-key-age',
  title: 'Key older than rotation policy / weak cipher',
  severity: 'low',
  subject: 'key of the credential store',
  reads: ['credentialStore'],
  sources: [manual3('executable.credmgr')],
  remediation: null,
  params: {
    rotationDays: { default: 365, unit: 'days', text: 'a key that was made longer ago fails' },
  },

  evaluate({ facts: { credentialStore }, params, nowMs }) {
    const { key, isEnabled } = credentialStore;
    if (!isEnabled) return notApplicable('securecreds is not enabled (MOM-CRED-001), so no key is in use.');
    if (key.state === 'missing' || key.state === 'other')
      return notApplicable(`There is no ${key.path} (MOM-CRED-003).`);
    if (key.mtimeMs === undefined)
      return [judgement(key.path, indeterminate(`${key.path} could not be inspected. Run as root.`))];
    const made = new Date(key.mtimeMs).toISOString().slice(0, 10);
    if (key.mtimeMs > nowMs + DAY_MS)
      return [
        judgement(
          key.path,
          indeterminate(`${key.path} was made on ${made}, which is still to come: a clock is wrong.`),
        ),
      ];
    if (nowMs - key.mtimeMs <= params.rotationDays * DAY_MS)
      return [judgement(key.path, pass(`The key was made on ${made}.`))];
    return [
      judgement(
        key.path,
        fail(`The key of the credential store was last made on ${made}.`, [
          {
            at: { file: key.path },
            found: `not changed since ${made}`,
            proposed: 'credmgr create_key, which encrypts all entries anew',
          },
        ]),
      ),
    ];
  },
});
