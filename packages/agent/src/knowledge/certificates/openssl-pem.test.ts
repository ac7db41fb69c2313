import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { makePair } from '../../../testing/pairs.js';
import { pemFiles } from '../../../testing/pem-files.js';
import { TestTree } from '../../../testing/tree.js';
import { BLOCKS_MAX, opensslPem } from './openssl-pem.js';
import { certificateEvidence, keyEvidence } from './pem-reader.js';

const tree = new TestTree();
const folder = mkdtempSync(join(tmpdir(), 'castellan-openssl-'));
afterAll(() => {
  tree.remove();
  rmSync(folder, { recursive: true });
});

type Answer = 'reads' | 'refuses' | 'unclear';

function ours(kind: 'cert' | 'key', content: Buffer): Answer {
  tree.put('/pem', content);
  const found = (kind === 'cert' ? certificateEvidence : keyEvidence)(tree.files, '/pem', 'postgresql');
  if (found.state === 'unread' && found.problem === 'unclear') return 'unclear';
  return found.state === 'parsed' ? 'reads' : 'refuses';
}

/** Node takes both as PostgreSQL does: SSL_CTX_use_certificate_chain, PEM_read_bio_PrivateKey. */
function openssls(kind: 'cert' | 'key', content: Buffer): Answer {
  try {
    createSecureContext({ [kind]: content });
    return 'reads';
  } catch {
    return 'refuses';
  }
}

describe('what is read is what OpenSSL reads', async () => {
  const files = await pemFiles();

  test('of a table of files', () => {
    expect(files.length).toBeGreaterThan(60);
    const disagreeing = files.flatMap(({ name, content }) =>
      (['cert', 'key'] as const).flatMap((kind) => {
        const [mine, real] = [ours(kind, content), openssls(kind, content)];
        return mine === real || mine === 'unclear' ? [] : [`${kind} ${name}: ${mine}, OpenSSL ${real}`];
      }),
    );
    expect(disagreeing).toEqual([]);
  });

  test('of the same table as the program openssl reads the first certificate', () => {
    const path = join(folder, 'file');
    const disagreeing = files.flatMap(({ name, content }) => {
      if (content[0] === 0x30) return [];
      const mine = ours('cert', content);
      writeFileSync(path, content);
      const { status } = spawnSync('openssl', ['x509', '-in', path, '-noout'], { stdio: 'ignore' });
      // The program reads no further than the first: it may read what a service refuses, never less.
      return mine === 'reads' && status !== 0 ? [name] : [];
    });
    expect(disagreeing).toEqual([]);
  });

  test('little of the table is left open', () => {
    const open = files.filter(({ content }) => ours('cert', content) === 'unclear').map(({ name }) => name);
    expect(open.length, open.join('\n')).toBeLessThan(files.length / 4);
  });
});

test('of good files with something changed in them', async () => {
  const [leaf, above] = [await makePair(), await makePair({ commonName: 'ca.example.com' })];
  const sec1 = createPrivateKey(leaf.keyPem).export({ type: 'sec1', format: 'pem' }).toString();
  const good = [
    `${leaf.certificatePem}\n`,
    `${leaf.certificatePem}\n${above.certificatePem}\n`,
    `${leaf.keyPem}\n`,
    `${leaf.certificatePem}\n${sec1}`,
    `${leaf.keyPem}\n${leaf.certificatePem}\n`,
  ];
  const piece = fc.constantFrom(
    ...['', '\n', '\r\n', ' ', '\t', '-----', '=', 'A', '\0', '\u00ff', ':', '-----BEGIN CERTIFICATE-----\n'],
    ...['Proc-Type: 4,ENCRYPTED\n', '\n-----END CERTIFICATE-----\n', 'x\n', '\n\n', '*'],
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.array(fc.record({ at: fc.nat(), cut: fc.nat(3), put: piece }), { minLength: 1, maxLength: 3 }),
      (text, changes) => {
        let changed = text;
        for (const { at, cut, put } of changes) {
          const from = at % (changed.length + 1);
          changed = changed.slice(0, from) + put + changed.slice(from + cut);
        }
        const content = Buffer.from(changed, 'latin1');
        for (const kind of ['cert', 'key'] as const) {
          const mine = ours(kind, content);
          if (mine !== 'unclear') expect(mine, changed).toBe(openssls(kind, content));
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('bounds', () => {
  const block = '-----BEGIN X-----\nAAAA\n-----END X-----\n';
  test(`${BLOCKS_MAX} blocks are read, and no more`, () => {
    expect(opensslPem(Buffer.from(block.repeat(BLOCKS_MAX))).stop).toBeNull();
    expect(opensslPem(Buffer.from(block.repeat(BLOCKS_MAX + 1))).stop).toMatchObject({ kind: 'unclear' });
  });

  test.each([
    [76, null],
    [80, 'unclear'],
  ])('a line of %i characters', (length, kind) => {
    const text = `-----BEGIN X-----\n${'A'.repeat(length)}\n-----END X-----\n`;
    expect(opensslPem(Buffer.from(text)).stop?.kind ?? null).toBe(kind);
  });
});

test('the program that the table is compared with is there', () => {
  expect(execFileSync('openssl', ['version'], { encoding: 'utf8' })).toMatch(/^OpenSSL /);
});
