import { describe, expect, test } from 'vitest';
import type { Status } from '../../packages/shared/src/model/verdict.js';
import { ECELERITY_CONF, ECUSER, laidNodes, MSYSPG, PG_DATA, placesOf, ROOT } from './node.js';

const newNode = laidNodes();
const CONF = `${PG_DATA}/postgresql.conf`;
const HBA = `${PG_DATA}/pg_hba.conf`;
const KEY = `${PG_DATA}/server.key`;
const CERTIFICATE = `${PG_DATA}/server.crt`;

describe('whether msyspg can read its key', () => {
  test.each<[string, { uid?: number; gid?: number; mode: number }, Status]>([
    ['its own, 0600', { ...MSYSPG, mode: 0o600 }, 'pass'],
    ['its own, 0400', { ...MSYSPG, mode: 0o400 }, 'pass'],
    ['its own, 0640', { ...MSYSPG, mode: 0o640 }, 'fail'],
    ['its own, closed to everybody', { mode: 0 }, 'fail'],
    ['root’s alone', { ...ROOT, mode: 0o600 }, 'fail'],
    ['root’s, for the group root', { ...ROOT, mode: 0o640 }, 'fail'],
    ['root’s, for the group msyspg', { uid: 0, gid: MSYSPG.gid, mode: 0o640 }, 'pass'],
    ['root’s, which the group msyspg may write', { uid: 0, gid: MSYSPG.gid, mode: 0o660 }, 'fail'],
    ['root’s, which the group msyspg may run', { uid: 0, gid: MSYSPG.gid, mode: 0o650 }, 'fail'],
    ['ecuser’s', { ...ECUSER, mode: 0o600 }, 'fail'],
  ])('%s', async (_, access, status) => {
    const verdicts = await newNode().give(KEY, access).says({ 'MOM-CRT-009': status });
    const failing = verdicts.filter((verdict) => verdict.status === 'fail').map(({ subject }) => subject);
    expect(failing).toEqual(status === 'fail' ? [KEY] : []);
  });

  test('a key of root’s for msyspg’s group depends on the release', async () => {
    const node = newNode().give(KEY, { uid: 0, gid: MSYSPG.gid, mode: 0o640 });
    node.write(`${PG_DATA}/PG_VERSION`, '9.5\n', MSYSPG);
    await node.says({ 'MOM-CRT-009': 'fail' });
    node.write(`${PG_DATA}/PG_VERSION`, '9.6\n', MSYSPG);
    await node.says({ 'MOM-CRT-009': 'pass' });
    node.remove(`${PG_DATA}/PG_VERSION`);
    await node.says({ 'MOM-CRT-009': 'indeterminate' });
  });

  test('a folder above that is closed to msyspg', async () => {
    const node = newNode().give('/var/db', { ...ROOT, mode: 0o700 });
    await node.says({ 'MOM-CRT-009': 'fail', 'MOM-CRT-001': 'fail' });
  });

  test('a certificate of root’s alone', async () => {
    await newNode()
      .give(CERTIFICATE, { ...ROOT, mode: 0o600 })
      .says({ 'MOM-CRT-001': 'fail' });
    await newNode()
      .give(CERTIFICATE, { ...ROOT, mode: 0o644 })
      .says({ 'MOM-CRT-001': 'pass' });
  });
});

test('a key that the configuration names by a relative path is told of', async () => {
  const node = newNode().edit(ECELERITY_CONF, (text) => `${text}\nTLS_Key = "server.key"\n`);
  const verdicts = await node.says({ 'MOM-CRT-009': 'indeterminate' });
  expect(verdicts.find(({ subject }) => subject === 'server.key')?.status).toBe('indeterminate');
  expect(verdicts.find(({ subject }) => subject === KEY)?.status).toBe('pass');
});

describe('who gets in without TLS', () => {
  const REJECTED = 'hostnossl all all 0.0.0.0/0 reject\nhostnossl all all ::/0 reject\n';
  test.each<[string, string, Status]>([
    ['nobody: all are rejected first', `local all all peer\n${REJECTED}host all all 0.0.0.0/0 md5\n`, 'pass'],
    ['the same, but the other way round', `host all all 0.0.0.0/0 md5\n${REJECTED}`, 'fail'],
    ['all addresses in one word, rejected in two', `${REJECTED}host all all all md5\n`, 'pass'],
    ['of two families one is rejected', 'hostnossl all all 0.0.0.0/0 reject\nhost all all all md5\n', 'fail'],
    [
      'a network within the rejected one',
      'host all all 10.0.0.0/8 reject\nhost all all 10.1.0.0/16 md5\n',
      'pass',
    ],
    ['a network around it', 'host all all 10.1.0.0/16 reject\nhost all all 10.0.0.0/8 md5\n', 'fail'],
    [
      'a network of two halves that are both rejected',
      'host all all 10.0.0.0/9 reject\nhost all all 10.128.0.0 255.128.0.0 reject\nhost all all 10.0.0.0/8 md5\n',
      'pass',
    ],
    ['another database is rejected', 'host one all all reject\nhost two all all md5\n', 'fail'],
    ['one user of two is rejected', 'host all a all reject\nhost all a,b all md5\n', 'fail'],
    [
      'both users of two are rejected',
      'host all a all reject\nhost all b all reject\nhost all a,"b" all md5\n',
      'pass',
    ],
    [
      'replication is not in all',
      `${REJECTED.replaceAll('all all', 'all all')}host replication all all md5\n`,
      'fail',
    ],
    ['a database of that name, in quotes', 'host "all" all all reject\nhost all all all md5\n', 'fail'],
    ['a group is rejected, its member is not', 'host all +g all reject\nhost all g all md5\n', 'fail'],
    ['rejected with TLS only', 'hostssl all all all reject\nhost all all all md5\n', 'fail'],
    ['rejected without GSS', 'hostnogssenc all all all reject\nhost all all all md5\n', 'pass'],
    ['encrypted by GSS', 'hostgssenc all all all gss\n', 'pass'],
    ['a host by its name', 'host all all db.example.com md5\n', 'fail'],
    [
      'the same, rejected before',
      'host all all db.example.com reject\nhost all all db.example.com md5\n',
      'pass',
    ],
    [
      'this host',
      'host all all samehost md5\nhost all all 127.0.0.0/8 md5\nhost all all ::1/128 md5\n',
      'pass',
    ],
    ['a line that goes on', 'host all all \\\n0.0.0.0/0 \\\n reject\nhost all all 10.0.0.0/8 md5\n', 'pass'],
    ['a type in capital letters', 'HOSTSSL all all all md5\n', 'indeterminate'],
    ['a method that nobody knows', 'hostssl all all all md55\n', 'indeterminate'],
    ['an include, which this release does not know', 'include other.conf\n', 'indeterminate'],
    ['a list that is not there', 'host @none all all reject\n', 'indeterminate'],
    ['an address without a mask', 'host all all 10.0.0.1 md5\n', 'indeterminate'],
  ])('%s', async (_, text, status) => {
    const verdicts = await newNode()
      .write(HBA, text, { ...MSYSPG, mode: 0o600 })
      .says({ 'MOM-CRT-001': status });
    if (status === 'fail') expect(placesOf(verdicts, 'MOM-CRT-001')[0]).toMatch(/pg_hba\.conf:\d+$/);
    if (status === 'indeterminate') expect(verdicts[0]?.reason).toContain(`${HBA}:1 `);
  });

  test('names from a list, and files that PostgreSQL 16 includes', async () => {
    const node = newNode()
      .write(`${PG_DATA}/names`, 'a, b\nc # and no more\n', MSYSPG)
      .write(`${PG_DATA}/more.conf`, 'host all @names all md5\n', MSYSPG)
      .write(HBA, 'host all @names all reject\ninclude more.conf\n', MSYSPG)
      .write(`${PG_DATA}/PG_VERSION`, '16\n', MSYSPG);
    await node.says({ 'MOM-CRT-001': 'pass' });
    node
      .write(`${PG_DATA}/names`, 'a, b\n', MSYSPG)
      .write(`${PG_DATA}/more.conf`, 'host all c all md5\n', MSYSPG);
    const verdicts = await node.says({ 'MOM-CRT-001': 'fail' });
    expect(placesOf(verdicts, 'MOM-CRT-001')).toEqual([`${PG_DATA}/more.conf:1`]);
  });
});

describe('postgresql.conf', () => {
  test.each<[string, string, Status]>([
    ['the last line wins', 'ssl = off\n', 'fail'],
    ['a beginning of a word', 'ssl = off\nSSL tr\n', 'pass'],
    ['quotes', "ssl = off\nssl = 'YES' # on again\n", 'pass'],
    ['an escape', "ssl = off\nssl = '\\157n'\n", 'pass'],
    ['a word that is not a boolean', 'ssl = onn\n', 'indeterminate'],
    ['blanks in quotes', "ssl = ' on'\n", 'indeterminate'],
    ['two words', 'ssl = on off\n', 'indeterminate'],
    ['a quote that is not closed', "ssl_ciphers = 'HIGH\n", 'indeterminate'],
    ['an include that is not there', "include 'none.conf'\n", 'indeterminate'],
    ['an include that need not be there', "include_if_exists 'none.conf'\n", 'pass'],
  ])('%s', async (_, lines, status) => {
    await newNode()
      .edit(CONF, (text) => text + lines)
      .says({ 'MOM-CRT-001': status });
  });

  test('postgresql.auto.conf stands in the folder that data_directory names', async () => {
    const node = newNode()
      .folder('/srv/pg', MSYSPG)
      .write('/srv/pg/postgresql.auto.conf', 'ssl = off\n', MSYSPG)
      .edit(CONF, (text) => `${text}data_directory = '/srv/pg'\n`);
    const verdicts = await node.says({ 'MOM-CRT-001': 'fail' });
    expect(placesOf(verdicts, 'MOM-CRT-001')).toEqual(['/srv/pg/postgresql.auto.conf:1']);
  });
});
