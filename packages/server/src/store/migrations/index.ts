import type { Knex } from 'knex';
import * as first from './001-first.js';
import * as shares from './002-shares.js';
import * as tokenNode from './003-token-node.js';
import * as heardRuns from './004-heard-runs.js';
import * as waitingPages from './005-waiting-pages.js';
import * as certificates from './006-certificates.js';
import * as people from './007-people.js';
import * as toldSeverity from './008-told-severity.js';
import * as acknowledgements from './009-acknowledgements.js';
import * as lists from './010-lists.js';
import * as alerts from './011-alerts.js';
import * as silences from './012-silences.js';
import * as alertLists from './013-alert-lists.js';
import * as posture from './014-posture.js';
import * as authorities from './015-authorities.js';
import * as countedLists from './016-counted-lists.js';
import * as seenCertificates from './017-certificates.js';
import * as wordSearch from './018-word-search.js';
import * as fleet from './019-fleet.js';
import * as sweeps from './020-sweeps.js';
import * as serviceAuthorities from './021-service-authorities.js';
import * as configurations from './022-configurations.js';

/** In order. A migration that has run is never edited: the next one mends it. */
export const MIGRATIONS: readonly { readonly name: string; up(db: Knex): Promise<void> }[] = [
  { name: '001-first', up: first.up },
  { name: '002-shares', up: shares.up },
  { name: '003-token-node', up: tokenNode.up },
  { name: '004-heard-runs', up: heardRuns.up },
  { name: '005-waiting-pages', up: waitingPages.up },
  { name: '006-certificates', up: certificates.up },
  { name: '007-people', up: people.up },
  { name: '008-told-severity', up: toldSeverity.up },
  { name: '009-acknowledgements', up: acknowledgements.up },
  { name: '010-lists', up: lists.up },
  { name: '011-alerts', up: alerts.up },
  { name: '012-silences', up: silences.up },
  { name: '013-alert-lists', up: alertLists.up },
  { name: '014-posture', up: posture.up },
  { name: '015-authorities', up: authorities.up },
  { name: '016-counted-lists', up: countedLists.up },
  { name: '017-certificates', up: seenCertificates.up },
  { name: '018-word-search', up: wordSearch.up },
  { name: '019-fleet', up: fleet.up },
  { name: '020-sweeps', up: sweeps.up },
  { name: '021-service-authorities', up: serviceAuthorities.up },
  { name: '022-configurations', up: configurations.up },
];

/** What knex asks of a source of migrations, from the list above: nothing is looked up on disk. */
export const migrationSource: Knex.MigrationSource<(typeof MIGRATIONS)[number]> = {
  getMigrations: async () => [...MIGRATIONS],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({
    up: migration.up,
    down: async () => {
      throw new Error(`${migration.name} has no way back: restore the backup`);
    },
  }),
};
