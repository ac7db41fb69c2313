import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectedAgent, enrol, transition } from '../../testing/agent.js';
import { webhookOf } from '../../testing/receiver.js';
import { enrolNew, newToken, signedIn, startTestServer, temporaryFolder } from '../../testing/server.js';
import { openLog } from '../adapters/log.js';
import { openDatabase } from './open.js';

const CANARY = 'CANARY-77aa';
/** Words of a statement, or of the driver's own form for it. */
const STATEMENT = /\b(insert into|select \*|select `|update `|delete from|values \(|where `)/i;

test.each([
  ['a table that is gone', ['drop table finding_history', 'drop table run_events', 'drop table sessions']],
  [
    'a column that is gone',
    [
      'alter table findings rename column summary to gone',
      'alter table targets rename column settings_json to gone',
    ],
  ],
  [
    'a rule that every row breaks',
    [
      `create trigger no_findings before insert on findings begin select raise(abort, 'broken'); end`,
      `create trigger no_targets before insert on targets begin select raise(abort, 'broken'); end`,
      `create trigger no_sessions before insert on sessions begin select raise(abort, 'broken'); end`,
    ],
  ],
  [
    'a text where JSON should be',
    [`update nodes set description_json = '{"${CANARY}', watchers_json = '{"${CANARY}'`],
  ],
])(
  'of a store that fails by %s neither log nor answer tells a statement or a value',
  async (_kind, statements) => {
    const lines: string[] = [];
    const folder = temporaryFolder();
    const server = await startTestServer({
      folder,
      adapters: { log: openLog('debug', { write: (line: string) => void lines.push(line) }) },
    });
    const call = await signedIn(server);
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    const db = await openDatabase(join(folder, 'castellan.db'));
    for (const statement of statements) await db.writer.raw(statement);
    await db.close();
    agent.send(transition(1, { subject: CANARY, summary: `${CANARY} - SQLITE_ERROR: '${CANARY}'` }));
    await Promise.race([agent.take('ack').catch(() => null), agent.closed]);
    const answers = [
      await call('GET', `/findings?q=${CANARY}`),
      await call('GET', '/nodes'),
      await call('GET', '/overview'),
      await call('POST', '/targets', webhookOf(`https://example.com/${CANARY}`, { name: CANARY })),
      await call('POST', '/findings/x/acknowledge', { comment: CANARY }),
      await call('POST', '/session', { name: CANARY, password: CANARY }),
      (await enrol(server, await newToken(server), { name: 'other.example.com' })) as {
        status: number;
        body: unknown;
      },
    ];
    const failed = answers.filter(({ status }) => status >= 400).map(({ body }) => JSON.stringify(body));
    expect(failed.length).toBeGreaterThan(0);
    for (const text of [...failed, ...lines]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(STATEMENT);
    }
  },
);
