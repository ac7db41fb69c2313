import { afterAll, describe, expect, test } from 'vitest';
import { TestTree } from '../../testing/tree.js';
import { apacheConfig } from '../knowledge/apache/httpd-conf.js';
import { pemBlocks } from '../knowledge/certificates/pem-blocks.js';
import { certificateEvidence, keyEvidence } from '../knowledge/certificates/pem-reader.js';
import { FactUnavailable } from '../units/fact.js';
import { boundedFiles } from './scan-budget.js';

const MEGABYTE = 1024 * 1024;
const filled = (text: string) => text.repeat(Math.floor(MEGABYTE / text.length));

/** Each took minutes where the reader looked for an end again from every beginning. The test's own limit is 30 s. */
describe('a megabyte that somebody made to be slow', () => {
  const tree = new TestTree();
  afterAll(() => tree.remove());
  test.each([
    ['beginnings of certificates', filled('-----BEGIN CERTIFICATE-----\n')],
    ['beginnings of keys', filled('-----BEGIN PRIVATE KEY-----\n')],
    ['ends before beginnings', filled('-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n')],
    ['NUL bytes', filled('\0\n')],
    ['words in a beginning', `-----BEGIN ${filled('A ')}PRIVATE KEY-----`],
    ['certificates, ten thousand', filled('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n')],
  ])('%s', (_, text) => {
    tree.put('/pem', text);
    expect([
      certificateEvidence(tree.files, '/pem', 'any').state,
      keyEvidence(tree.files, '/pem', 'any').state,
    ]).toEqual(['unread', 'unread']);
  });

  test.each([
    ['blanks in a virtual host', `<VirtualHost ${filled(' ')}`],
    ['slashes in a ServerRoot', `ServerRoot ${filled('/')}x\nSSLCertificateFile a\n`],
    ['quotes', filled('"\' ')],
    ['lines that go on', filled('a\\\n')],
  ])('%s', (_, text) => {
    tree.put('/httpd.conf', text);
    expect(apacheConfig(tree.files, '/httpd.conf').unread).toEqual([]);
  });
});

describe('an include of Apache’s', () => {
  const tree = new TestTree();
  afterAll(() => tree.remove());
  const unreadOf = (pattern: string) => {
    tree.put('/httpd.conf', `Include /many/${pattern}\n`);
    return apacheConfig(tree.files, '/httpd.conf').unread.map(({ problem }) => problem);
  };

  test('with a megabyte of stars, or more letters than a name has, costs no more than one star', () => {
    for (let count = 0; count < 3000; count += 1) tree.put(`/many/${count}`, 'Listen 1');
    expect(unreadOf(`${filled('*')}x`)).toEqual([]);
    expect(unreadOf(`*${filled('a')}`)).toEqual(['too-many']);
  });

  test('of a folder asks for no more files than may be read', () => {
    let asked = 0;
    const counting = {
      ...tree.files,
      stat: (path: string) => {
        asked += 1;
        return tree.files.stat(path);
      },
    };
    tree.put('/httpd.conf', 'Include /many\n');
    const { unread } = apacheConfig(counting, '/httpd.conf');
    expect([asked < 400, new Set(unread.map(({ problem }) => problem))]).toEqual([
      true,
      new Set(['too-many']),
    ]);
  });
});

describe('blocks of PEM', () => {
  test('are cut whole, with their label; a beginning without an end is told as such', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----';
    expect(pemBlocks(`x\n${key}\n-----BEGIN PRIVATE KEY-----\n`, 'PRIVATE KEY')).toEqual([
      { label: 'RSA PRIVATE KEY', text: key },
      { label: 'PRIVATE KEY', text: null },
    ]);
    expect(pemBlocks(`-----BEGIN PRIVATE KEY-----\n${key}`, 'PRIVATE KEY')).toEqual([
      { label: 'PRIVATE KEY', text: null },
      { label: 'RSA PRIVATE KEY', text: key },
    ]);
    expect(pemBlocks(key, 'CERTIFICATE')).toEqual([]);
  });
});

describe('the budget of a scan', () => {
  const limits = { bytesMax: 10, entriesMax: 3, msMax: 1000 };
  const tree = () => {
    const made = new TestTree();
    made.put('/a', '12345');
    return made;
  };

  test('is kept to the byte, and says what it was', () => {
    const made = tree();
    const files = boundedFiles(made.files, limits, () => 0);
    expect([files.read('/a').ok, files.capture('/a').ok]).toEqual([true, true]);
    made.put('/a', '1');
    expect(() => files.read('/a')).toThrow(/more than 10 bytes to read, at \/a/);
    made.remove();
  });

  test('counts questions and names', () => {
    const made = tree();
    const files = boundedFiles(made.files, limits, () => 0);
    for (let count = 1; count <= 3; count += 1) expect(files.lstat('/a').ok).toBe(true);
    expect(() => files.stat('/a')).toThrow(FactUnavailable);
    for (const name of ['b', 'c', 'd']) made.put(`/${name}`);
    expect(() => boundedFiles(made.files, limits, () => 0).list('/')).toThrow(/files and names/);
    made.remove();
  });

  test('ends with its time, without a timer', () => {
    const made = tree();
    let now = 0;
    const files = boundedFiles(made.files, { ...limits, entriesMax: 100 }, () => now);
    now = 1000;
    for (let asked = 0; asked < 32; asked += 1) expect(files.readlink('/a').ok).toBe(false);
    now = 1001;
    // Not at each question, but before another 16.
    const ask = () => {
      for (let asked = 0; asked < 16; asked += 1) files.realpath('/a');
    };
    expect(ask).toThrow(/longer than 1000 ms/);
    made.remove();
  });
});
