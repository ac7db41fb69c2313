import { type Static, Type } from 'typebox';
import { COUNT_MAX, Text, Whole } from './bounds.js';

/** Subversion's own name of a repository (`Repository UUID`): the same at every node, however each calls its host. */
const Repository = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9-]+$' });
const RevisionNumber = Whole(0, COUNT_MAX);

/** What a node's working copy of the configuration is of, and how new. */
export const HeldConfiguration = Type.Object({
  repository: Repository,
  /** Of `conf/default`, below the root of the repository, as in its URL: nodes of one subcluster have the same. */
  path: Text(1024),
  revision: RevisionNumber,
});
export type HeldConfiguration = Static<typeof HeldConfiguration>;

/** A revision that was committed. Numbers of one repository only grow, and a copy of a later one has it too. */
export const CommittedRevision = Type.Object({ repository: Repository, number: RevisionNumber });
export type CommittedRevision = Static<typeof CommittedRevision>;
