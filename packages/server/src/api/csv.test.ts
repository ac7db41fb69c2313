import { expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { CSV_ROWS_MAX, csvCell, csvOf } from './csv.js';

test.each([
  ['plain', 'plain'],
  [null, ''],
  [12, '12'],
  [-3, '-3'],
  [true, 'true'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+ALL:-SSLv3', "'+ALL:-SSLv3"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['＝1', "'＝1"],
  ['=A1,"x"', '"\'=A1,""x"""'],
])('the cell %j is %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('a file ends at its bound, inside a page', async () => {
  async function* pages() {
    for (;;) yield Array.from({ length: 499 }, (_, n) => n);
  }
  let lines = -1;
  for await (const piece of csvOf([['n', (n: number) => n]], pages()))
    lines += piece.split('\r\n').length - 1;
  expect(lines).toBe(CSV_ROWS_MAX);
});

test('a list as a file has the filter and the order of the list, and the bounds of who may see it', async () => {
  const server = await startTestServer();
  const call = await signedIn(server, 'viewer');
  const agent = await connectedAgent(await enrolNew(server));
  agent.send(transition(1, { subject: '=evil()', severity: 'low' }));
  agent.send(transition(2, { subject: 'outbound', severity: 'high' }));
  await eventually(
    () => agent.inbox.some((message) => message.type === 'ack' && message.upTo === 2),
    'the acknowledgement',
  );
  const get = async (path: string) => {
    const answer = await fetch(`${server.peopleUrl}/api/v1${path}`, { headers: { cookie: call.cookie } });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const { type, text } = await get('/findings.csv?order=asc&sort=severity');
  expect(type).toContain('text/csv');
  const subjects = text.split('\r\n').map((line) => line.split(',')[6]);
  expect(subjects).toEqual(['subject', "'=evil()", 'outbound', undefined]);
  expect((await get('/findings.csv?severity=high')).text.split('\r\n')).toHaveLength(3);
  expect((await get('/nodes.csv')).text).toContain('mta1.example.com');
  expect([(await get('/audit.csv')).status, (await get('/findings.csv?sort=nothing')).status]).toEqual([
    403, 400,
  ]);
});
