import type { Facts } from '../../facts/facts.generated.js';
import {
  describeHolders,
  type Expected,
  expectedOf,
  holdersOf,
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
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Place = Facts['writablePlaces']['places'][number];
type Kind = Place['kinds'][number];

/** Named in one judgement; the summary tells how many there are. */
const NAMED_MAX = 50;

export default defineControl({
  id: 'MOM-PERM-004',
  slug: 'config-writable',
  title: 'Config not world/group writable',
  severity: 'high',
  subject: 'configuration and programs',
  reads: ['writablePlaces', 'momentumConfig', 'install'],
  sources: [manual3('conf.ecelerity.conf'), manual3('executable.eccfg')],
  remediation: null,
  params: {},
  // Whom the configuration names as Momentum's user is weighed below; whether it loads changes no mode.
  weighsDoubts: true,

  evaluate({ facts: { writablePlaces, momentumConfig, install } }) {
    const { places } = writablePlaces;
    if (places.length === 0)
      return notApplicable('None of the places of the configuration and the programs exists.');
    const { runUser, doubts } = momentumConfig;
    const root = install.users.find(({ name }) => name === 'root') ?? null;
    const expected = expectedOf(root, install.serviceUser, runUser.principal);
    const unknownUser =
      runUser.principal === null
        ? `there is no user ${runUser.name} in etc/passwd, as whom Momentum runs`
        : (doubts[0]?.reason ?? null);
    return places.map((place) => judgement(place.path, judge(place, expected, install, unknownUser)));
  },
});

function judge(
  place: Place,
  expected: Expected,
  names: Facts['install'],
  unknownUser: string | null,
): Outcome {
  const faults = place.kinds.flatMap((kind) => faultOf(kind, place, expected, names));
  // Without Momentum's user only what everybody may write is certain.
  const certain = unknownUser === null ? faults : faults.filter(({ isEverybodys }) => isEverybodys);
  if (certain.length > 0) {
    const count = certain.reduce((sum, one) => sum + one.count, 0);
    const others = count > 1 ? `, and ${countOf(count - 1, 'more place')}` : '';
    return fail(
      `${certain[0]?.violations[0]?.at.file ?? place.path} can be changed by others${others}.`,
      named(certain),
    );
  }
  if (faults.length > 0)
    return indeterminate(`Whether others may write is not known: ${unknownUser}.`, named(faults));
  const list = place.kinds.find(({ acl }) => acl === 'unread');
  if (list) return indeterminate(`The access list of ${list.paths[0]} could not be read. Run as root.`);
  const [unseen] = place.unseen;
  if (unseen) return indeterminate(`${unseen.path} could not be inspected (${unseen.problem}). Run as root.`);
  if (place.isTruncated)
    return indeterminate(`${place.path} holds more than was inspected (${place.entriesSeen} entries).`);
  return pass(`Only root and Momentum's user can change ${place.path}.`);
}

interface Fault {
  /** How many there are; the violations are the first of them. */
  readonly count: number;
  readonly violations: readonly Violation[];
  readonly isEverybodys: boolean;
}

function named(faults: readonly Fault[]): Violation[] {
  return faults.flatMap(({ violations }) => violations).slice(0, NAMED_MAX);
}

function faultOf(one: Kind, { kind }: Place, expected: Expected, names: Facts['install']): Fault[] {
  // A file that is being replaced in a sticky folder stays its owner's: nobody else may rename or remove it.
  if (one.isFolder && (one.access.mode & 0o1000) !== 0) return [];
  const others = othersOf(one, 'write', expected).filter(
    // Who owns a file of the configuration is MOM-PERM-003's matter.
    (holder) => kind === 'program' || holder.kind !== 'owner',
  );
  // An owner without the write bit can set it.
  const { uid } = one.access;
  if (kind === 'program' && !expected.uids.has(uid) && !others.some((holder) => holder.kind === 'owner'))
    others.unshift({ kind: 'owner', uid });
  if (others.length === 0) return [];
  const found = describeHolders(one.access, 'writable', others, names);
  return [
    {
      count: one.count,
      violations: one.paths.map((file) => ({
        at: { file },
        found,
        proposed: 'writable by root and ecuser only',
      })),
      isEverybodys: holdersOf(one, 'write').some((holder) => holder.kind === 'everybody'),
    },
  ];
}
