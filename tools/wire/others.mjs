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

export function sslscanOf(port, preamble) {
  const starttls = { none: [], smtp: ['--starttls-smtp'], ldap: ['--starttls-ldap'] }[preamble];
  const { error, stdout } = spawnSync(
    'sslscan',
    ['--no-colour', '--no-heartbleed', '--no-groups', ...starttls, `127.0.0.1:${port}`],
    { encoding: 'utf8', timeout: 120_000 },
  );
  if (error) return leftOut('sslscan', port, error);
  const found = [...stdout.matchAll(/^(SSLv2|SSLv3|TLSv1\.\d)\s+enabled$/gm)].map(([, version]) => version);
  const bits = [...stdout.matchAll(/DHE (\d+) bits/g)].map(([, one]) => Number(one));
  return { versions: inOrder(found), dheBits: bits.length > 0 ? Math.min(...bits) : null };
}

const TESTSSL_MS_MAX = 600_000;

export function testsslOf(port, preamble, folder) {
  const file = join(folder, 'testssl.json');
  rmSync(file, { force: true });
  const starttls = preamble === 'none' ? [] : ['-t', preamble];
  const { error } = spawnSync(
    'testssl',
    [
      '-p',
      '-S',
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
  const fingerprint = rows.find(({ id }) => id.startsWith('cert_fingerprintSHA256'))?.finding;
  return {
    versions: found.length > 0 ? inOrder(found) : null,
    fingerprint: fingerprint?.toLowerCase().replace(/[^0-9a-f]/g, '') || null,
  };
}

function rowsOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
