// What sslscan and testssl.sh say of the same port; null: not installed, or they do not speak what comes before TLS.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const inOrder = (found) => VERSIONS.filter((version) => found.includes(version));

/** One that is installed and gave up is no agreement. */
function leftOut(who, port, error) {
  if (error.code !== 'ENOENT')
    process.stdout.write(
      `left out: ${who} on port ${port}: ${error.code === 'ETIMEDOUT' ? 'it took too long' : error.message}\n`,
    );
  return null;
}

/** Kinds of weak suites by the names that IANA and OpenSSL have for them. */
const KINDS = [
  ['EXP', /EXPORT|^EXP-/],
  ['eNULL', /NULL/],
  ['aNULL', /_anon_|^A(EC)?DH-/],
  ['RC4', /RC4/],
  ['3DES', /3DES|DES-CBC3/],
  ['MD5', /MD5$/],
];

export function sslscanOf(port, preamble) {
  const starttls = { none: [], smtp: ['--starttls-smtp'], ldap: ['--starttls-ldap'] }[preamble];
  const { error, stdout } = spawnSync(
    'sslscan',
    ['--no-colour', '--no-heartbleed', '--no-groups', ...starttls, `127.0.0.1:${port}`],
    { encoding: 'utf8', timeout: 120_000 },
  );
  if (error) return leftOut('sslscan', port, error);
  const found = [...stdout.matchAll(/^(SSLv2|SSLv3|TLSv1\.\d)\s+enabled$/gm)].map(([, version]) => version);
  if (found.length === 0) return leftOut('sslscan', port, new Error('it saw no version at all'));
  const bits = [...stdout.matchAll(/DHE (\d+) bits/g)].map(([, one]) => Number(one));
  const suites = [...stdout.matchAll(/^(?:Preferred|Accepted)\s.* bits\s+(\S+)/gm)].map(([, name]) => name);
  const kinds = KINDS.filter(([, pattern]) => suites.some((name) => pattern.test(name))).map(
    ([kind]) => kind,
  );
  // It tries no export suites, and none of SSL 3.0: what it does not name may be offered all the same.
  return { versions: inOrder(found), dheBits: bits.length > 0 ? Math.min(...bits) : null, someWeak: kinds };
}

/** Its categories of weak suites that are kinds of ours. Its `3DES_IDEA` has IDEA, which is none. */
export const CATEGORIES = { NULL: 'eNULL', aNULL: 'aNULL', EXPORT: 'EXP' };

const TESTSSL_MS_MAX = 600_000;

export function testsslOf(port, preamble, folder) {
  const file = join(folder, 'testssl.json');
  rmSync(file, { force: true });
  const starttls = preamble === 'none' ? [] : ['-t', preamble];
  const { error } = spawnSync(
    'testssl',
    [
      '-p',
      '-s',
      '-S',
      // No name server answers for the loopback, and it would be waited for.
      '--nodns',
      'none',
      '--quiet',
      '--color',
      '0',
      '--warnings',
      'off',
      '--jsonfile',
      file,
      ...starttls,
      `127.0.0.1:${port}`,
    ],
    { cwd: folder, stdio: 'ignore', timeout: TESTSSL_MS_MAX },
  );
  if (error) return leftOut('testssl.sh', port, error);
  const rows = rowsOf(file);
  const names = {
    SSLv2: 'SSLv2',
    SSLv3: 'SSLv3',
    TLS1: 'TLSv1.0',
    TLS1_1: 'TLSv1.1',
    TLS1_2: 'TLSv1.2',
    TLS1_3: 'TLSv1.3',
  };
  const found = rows.flatMap(({ id, finding }) =>
    names[id] !== undefined && /^(vulnerable|offered)/.test(finding) ? [names[id]] : [],
  );
  const isOffered = (id) => rows.find((row) => row.id === `cipherlist_${id}`)?.finding.startsWith('offered');
  const fingerprint = rows.find(({ id }) => id.startsWith('cert_fingerprintSHA256'))?.finding;
  return {
    versions: found.length > 0 ? inOrder(found) : null,
    fingerprint: fingerprint?.toLowerCase().replace(/[^0-9a-f]/g, '') || null,
    weak:
      isOffered('NULL') === undefined
        ? null
        : Object.keys(CATEGORIES)
            .filter(isOffered)
            .map((id) => CATEGORIES[id]),
    hasLow: isOffered('LOW') === true,
  };
}

function rowsOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
