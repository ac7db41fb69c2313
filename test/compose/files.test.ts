import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from './entry-process.js';
import { nodeParts } from './node-parts.js';

interface Service {
  readonly build: { readonly dockerfile: string; readonly target?: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const text = read('docker-compose.yml');
const { services }: { services: Readonly<Record<string, Service>> } = parse(text, { merge: true });
const dockerfiles = readdirSync(join(REPOSITORY, 'docker')).filter((name) => name.endsWith('.Dockerfile'));
const scripts = readdirSync(join(REPOSITORY, 'docker/entry')).map((name) => `docker/entry/${name}`);

/** `docker compose`, or the program of its own that Debian has. */
const compose = [['docker', 'compose'], ['docker-compose']].find(
  ([program = '', ...words]) => spawnSync(program, [...words, 'version']).status === 0,
);

test.skipIf(compose === undefined)('compose takes the file, and knows every service in it', () => {
  const [program = '', ...words] = compose ?? [];
  const known = execFileSync(program, [...words, 'config', '--services'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  expect(known.trim().split('\n').sort()).toEqual(['mta1', 'mta2', 'receiver', 'server']);
});

test.each(Object.entries(services))(
  '%s may do little, is looked after, and is built here',
  (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      healthcheck: { test: expect.any(Array) },
    });
    const { dockerfile, target } = service.build;
    const stages = [...read(dockerfile).matchAll(/^FROM \S+ AS (\S+)$/gm)].map((found) => found[1]);
    if (target !== undefined) expect(stages).toContain(target);
  },
);

test('no service that people or agents reach runs as root, and the console is published on loopback only', () => {
  expect(read('docker/server.Dockerfile')).toMatch(/^USER node\nEXPOSE/m);
  expect(services['receiver']?.build.target).toBe('receiver');
  const published = Object.values(services).flatMap(({ ports }) => (Array.isArray(ports) ? ports : []));
  expect(published).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
});

test('the compose file holds no secret', () => {
  const names = Object.values(services).flatMap(({ environment }) => Object.keys(environment));
  expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|_KEY/.test(name))).toEqual([]);
  expect(text).not.toMatch(/whsec_|cst_|BEGIN /);
});

test.each(dockerfiles)('%s starts from tagged images and copies what is there', (name) => {
  const dockerfile = read(`docker/${name}`);
  const stages = new Set<string>();
  for (const [, image = '', stage] of dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)) {
    if (!stages.has(image)) expect(image).toMatch(/^node:20-bookworm(-slim)?$/);
    if (stage) stages.add(stage);
  }
  const copied = [...dockerfile.matchAll(/^COPY (?:--from=(\S+) )?(.+) \S+$/gm)];
  expect(copied.length).toBeGreaterThan(5);
  for (const [, from, sources = ''] of copied) {
    if (from !== undefined) expect([...stages]).toContain(from);
    const paths = sources.split(' ').map((path) => path.replace(/^\/castellan\//, ''));
    const made = (path: string) => path === 'node_modules' || path.endsWith('/dist');
    expect(paths.filter((path) => !made(path) && !existsSync(join(REPOSITORY, path)))).toEqual([]);
  }
});

test('every workspace is known when the images install', () => {
  const { workspaces }: { workspaces: readonly string[] } = JSON.parse(read('package.json'));
  for (const name of dockerfiles)
    expect(
      workspaces.filter((path) => !read(`docker/${name}`).includes(`COPY ${path}/package.json ${path}/`)),
    ).toEqual([]);
});

test('a node has every real part that the stand-in can be made of', () => {
  const installed = /apt-get install[^&]+/.exec(read('docker/node.Dockerfile'))?.[0].split(/\s+/) ?? [];
  const wanted = nodeParts().map((part) => part.package);
  expect(wanted.length).toBeGreaterThan(4);
  expect(wanted.filter((name) => !installed.includes(name))).toEqual([]);
});

test.each(scripts)('%s can be started, and is what sh understands', (script) => {
  accessSync(join(REPOSITORY, script), constants.X_OK);
  expect(read(script)).toMatch(/^#!\/bin\/sh\n(#.*\n)+set -eu\n/);
  expect(spawnSync('sh', ['-n', join(REPOSITORY, script)], { encoding: 'utf8' }).stderr).toBe('');
  expect(dockerfiles.some((name) => read(`docker/${name}`).includes(`CMD ["${script}"]`))).toBe(true);
});

test('every setting in the compose file is one that somebody reads', () => {
  const all = scripts.map(read).join('');
  for (const { environment } of Object.values(services))
    for (const name of Object.keys(environment))
      if (!name.startsWith('CASTELLAN_')) expect(all).toContain(name);
  const environment = services['server']?.environment ?? {};
  const settings = Object.keys(environment).filter((name) => name.startsWith('CASTELLAN_'));
  const printed = execFileSync(
    process.execPath,
    [join(REPOSITORY, 'packages/server/bin/castellan-server.js'), 'config', 'print', '--origin'],
    { env: { PATH: process.env['PATH'], ...environment }, encoding: 'utf8' },
  );
  expect(settings.filter((name) => !printed.includes(`# environment ${name}\n`))).toEqual([]);
});
