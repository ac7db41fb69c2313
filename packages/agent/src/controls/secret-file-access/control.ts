import type { Facts } from '../../facts/facts.generated.js';
import {
  describeHolders,
  type Expected,
  expectedOf,
  type Holder,
  othersOf,
} from '../../knowledge/permissions/holders.js';
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

type SecretFile = Facts['secretFiles']['files'][number];

export default defineControl({
  id: 'MOM-PERM-005',
  slug: 'secret-file-access',
  title: 'Secret-bearing files not world-readable',
  severity: 'high',
  subject: 'files with secrets',
  reads: ['secretFiles', 'momentumConfig', 'install'],
  sources: [
    manual3('install.solaris'),
    manual3('install.options'),
    manual3('conf.aaa'),
    { cite: 'Momentum 4.x manual, new_installation' },
  ],
  remediation: null,
  params: {},
  // Modes are what they are, whether the configuration loads or not; its user and further files are weighed below.
  weighsDoubts: true,

  evaluate({ facts: { secretFiles, momentumConfig, install } }) {
    const root = install.users.find(({ name }) => name === 'root') ?? null;
    const { runUser, doubts } = momentumConfig;
    const database = install.databaseUser;
    const expected = expectedOf(root, install.serviceUser, runUser.principal, database);
    const doubt =
      runUser.principal === null
        ? `there is no user ${runUser.name} in etc/passwd, as whom Momentum runs`
        : (doubts.find(({ kind }) => kind === 'incomplete')?.reason ?? null);
    const judged = [
      ...secretFiles.files.map((file) => judgement(file.path, judge(file, expected, install, doubt))),
      ...secretFiles.unseen.map(({ path, problem }) =>
        judgement(path, indeterminate(`${path} could not be inspected (${problem}). Run as root.`)),
      ),
    ];
    if (judged.length > 0) return judged;
    const [unread] = momentumConfig.unread;
    if (doubt !== null || unread)
      return indeterminate(
        `No file with a secret was seen, but ${doubt ?? `${unread?.path} could not be read`}.`,
      );
    return notApplicable('No file with a secret was found.');
  },
});

function judge(file: SecretFile, expected: Expected, names: Facts['install'], doubt: string | null): Outcome {
  const others = othersOf(file, 'read', expected).filter(
    // A folder above that strangers cannot pass keeps them out, whatever the file's own bits say.
    (holder) => holder.kind !== 'everybody' || file.shutBy === null,
  );
  if (file.holdsSecret === false) return pass(`${file.path} holds no secret.`);
  if (others.length === 0) {
    if (file.acl === 'unread')
      return indeterminate(`The access list of ${file.path} could not be read. Run as root.`);
    return pass(`Only root and Momentum's users can read ${file.path}.`);
  }
  const violations = [
    {
      at: { file: file.path, ...(file.line === null ? {} : { line: file.line }) },
      found: `${describeHolders(file.access, 'readable', others, names)}: ${file.what}`,
      proposed:
        file.reader === 'root' ? 'root:root 0600' : `root:${file.reader} 0640, or ${file.reader}'s own 0600`,
    },
  ];
  if (file.wayUnknown !== null && others.every(({ kind }) => kind === 'everybody'))
    return indeterminate(
      `Whether others come to ${file.path} is not known: ${file.wayUnknown}. Run as root.`,
      violations,
    );
  if (file.holdsSecret === null)
    return indeterminate(
      `Whether ${file.path} holds a secret is not known: it could not be read.`,
      violations,
    );
  if (doubt !== null && !isCertain(others))
    return indeterminate(`Whether others may read ${file.path} is not known: ${doubt}.`, violations);
  return fail(`${file.path} can be read by others: ${file.what}.`, violations);
}

function isCertain(others: readonly Holder[]): boolean {
  return others.some(({ kind }) => kind === 'everybody');
}
