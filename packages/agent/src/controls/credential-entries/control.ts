import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Listing = Facts['credentialEntries']['listing'];
type Entry = Extract<Listing, { readonly kind: 'listed' }>['entries'][number];

export default defineControl({
  id: 'MOM-CRED-005',
  slug: 'credential-entries',
  title: 'Required entries present',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'entries of the credential store',
  reads: ['credentialEntries', 'credentialStore'],
  sources: [manual3('modules.securecreds'), manual3('executable.credmgr')],
  remediation: null,
  params: {},

  evaluate({ facts: { credentialEntries, credentialStore } }) {
    if (!credentialStore.isEnabled)
      return notApplicable('securecreds is not enabled (MOM-CRED-001), so nothing reads a credential store.');
    const { listing } = credentialEntries;
    if (listing.kind === 'not-listed')
      return indeterminate(`Which entries there are is not known: credmgr was not asked (${listing.why}).`);
    return listing.entries.map((entry) =>
      judgement(`${entry.facility} at ${entry.hostname}`, judge(entry, credentialStore.database.path)),
    );
  },
});

function judge({ hostname, facility, isRequired, isPresent }: Entry, file: string): Outcome {
  const name = `ecuser at ${hostname} for ${facility}`;
  if (isPresent) return pass(`The store has an entry for ${name}.`);
  return fail(
    `The credential store has no entry for ${name}.`,
    [
      {
        at: { file },
        found: `no entry for ${name}`,
        proposed: `credmgr set_cred --hostname=${hostname} --username=ecuser --facility=${facility}`,
      },
    ],
    isRequired ? 'medium' : 'low',
  );
}
