/** One thing that a search can say: the console's help and docs/search.md show it, and tests run it. */
export interface SearchExample {
  readonly q: string;
  readonly what: string;
}

interface Section {
  readonly title: string;
  readonly text: string;
  readonly examples: readonly SearchExample[];
}

const of = (...pairs: readonly (readonly [q: string, what: string])[]): readonly SearchExample[] =>
  pairs.map(([q, what]) => ({ q, what }));

export const SEARCH_HELP: readonly Section[] = [
  {
    title: 'Words and phrases',
    text: 'A word is letters and digits; upper and lower case are alike. Words are joined by OR. Quotes keep words together, in their order.',
    examples: of(
      ['REST Injection', 'what has REST or Injection'],
      ['"REST Injection"', 'what has the phrase'],
      ['TLSv1.2', 'a name is found whole, and by its parts'],
    ),
  },
  {
    title: 'AND, OR, NOT, + and -',
    text: 'Operators are written in upper case; && || and ! are the same. + requires what follows, - excludes it. AND requires both its neighbours and does not bind closer than OR: brackets say what belongs together.',
    examples: of(
      ['rest AND port', 'what has both'],
      ['rest OR port', 'what has one of them, as without OR'],
      ['listener NOT port', 'what has the one without the other'],
      ['+certificate -expired', 'the same by signs'],
      ['(sslv3 OR sslv2) AND NOT outbound', 'groups'],
      ['*:* -sslv3', 'everything without; what is only excluded finds nothing'],
    ),
  },
  {
    title: 'Characters that are escaped',
    text: 'A backslash before + - && || ! ( ) { } [ ] ^ " ~ * ? : \\ lets it stand for itself; within quotes only " and \\ need it.',
    examples: of(
      ['B0/00-11719-46C328D4\\:default\\:', 'colons'],
      ['2001\\:db8\\:\\:1', 'an address'],
      ['"2001:db8::1"', 'the same in quotes'],
      ['/var/db/msyspg/server.key', 'a path needs nothing'],
    ),
  },
  {
    title: 'Wildcards',
    text: '? is one character of a word and * any number of them. Within quotes they stand for themselves.',
    examples: of(['cert*', 'words that begin so'], ['te?t', 'test and text'], ['*.key', 'words that end so']),
  },
  {
    title: 'Near and alike',
    text: '~ after a phrase says how many other words may stand between; ~ after a word finds words like it, from ~0 to ~0.9 more and more alike (0.5 when it is not said). ^ and a number weigh a word in Lucene: lists here keep their own order.',
    examples: of(
      ['"key certificate"~5', 'both within five words'],
      ['certifcate~', 'words like it'],
      ['certifcate~0.8', 'words much like it'],
      ['sslv3^4 poodle', 'a weight, which changes nothing here'],
    ),
  },
  {
    title: 'Fields and ranges',
    text: "A name and a colon look in one field; brackets after it, in it for all of them. [a TO b] has its ends in it, {a TO b} has not, and * is an open end. Times are UTC. Fields are more than Momentum's own search has: a colon without a field is an error, never a word.",
    examples: of(
      ['control:tls', 'in the control'],
      ['severity:(critical high) AND node:mta*', 'two fields'],
      ['opened:[2026-11-01 TO *]', 'since a day'],
      ['subject:{a TO m}', 'words between'],
    ),
  },
];

/** Fields of each list, as before a colon. The server's own lists are held against it. */
export const SEARCH_FIELDS = {
  findings: [
    ...['node', 'control', 'subject', 'title', 'summary', 'group', 'remediation', 'severity', 'state'],
    ...['opened', 'updated'],
  ],
  nodes: ['name', 'group', 'agent', 'momentum', 'os', 'role', 'worst', 'seen', 'ends'],
  controls: ['control', 'title', 'subject', 'severity', 'remediation'],
  runs: ['remediation', 'node', 'by', 'error', 'state', 'approved'],
  plans: ['remediation', 'node', 'by', 'error', 'state', 'requested'],
  audit: ['actor', 'action', 'object', 'detail', 'outcome', 'at'],
  alerts: ['title', 'control', 'group', 'severity', 'state', 'kind', 'opened', 'changed'],
  deliveries: ['alert', 'target', 'problem', 'state', 'type', 'reason', 'created'],
  certificates: ['node', 'path', 'subject', 'issuer', 'serial', 'control', 'ends'],
} as const satisfies Record<string, readonly string[]>;
