// The programs that the tests talk to: PostgreSQL, Apache, Subversion, Postfix, Alertmanager, OpenSSL, Chromium. They come
// from Debian's packages. As root on Debian or Ubuntu what is missing is installed; elsewhere it is said what is skipped.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';

/** Each part: a Debian package and a program by which one sees that it is there (a path, or a name on PATH or in sbin). */
export function readParts() {
  return JSON.parse(readFileSync('test/standin/real-parts.json', 'utf8')).packages;
}

export function isPresent(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  // A library's folder is named for the machine's architecture.
  const [before, after] = program.split('/*/');
  const candidates =
    after !== undefined
      ? readdirSync(before).map((name) => join(before, name, after))
      : program.startsWith('/')
        ? [program]
        : folders.map((folder) => join(folder, program));
  return candidates.some((path) => {
    try {
      accessSync(path, constants.F_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missingParts = () => readParts().filter((part) => !isPresent(part.program));

/** True when the tests may run. With `required`, only when every part is there. */
export function provideRealParts({ required }) {
  const missing = missingParts();
  if (missing.length === 0) return true;
  const names = missing.map((part) => part.package);
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/etc/debian_version')) install(names);
  else
    say(
      `These real parts are not here, and ${isRoot ? 'this is not Debian or Ubuntu' : 'only root may install them'}: ${names.join(', ')}.`,
    );

  const still = missingParts();
  if (still.length === 0) return true;
  say(`Missing: ${still.map((part) => `${part.package} (${part.program})`).join(', ')}.`);
  if (required) {
    say('CI=true: tests against real parts must not be skipped. Stopping.');
    return false;
  }
  say(
    'The tests that talk to them are skipped, and say so. On Debian or Ubuntu: apt-get install ' +
      still.map((part) => part.package).join(' '),
  );
  return true;
}

function install(names) {
  say(`Installing real parts of the tests: ${names.join(' ')}`);
  // Keeps Debian from starting the servers: the tests start their own, on their own ports, and stop them.
  const hadPolicy = existsSync(POLICY);
  if (!hadPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const apt = (...argv) =>
      spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=600', ...argv], {
        stdio: ['ignore', 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0;
    if (!apt('update')) say('apt-get update failed; trying with the lists that are here');
    if (!apt('install', '-y', '--no-install-recommends', ...names)) say('apt-get install failed');
  } finally {
    if (!hadPolicy) rmSync(POLICY, { force: true });
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
