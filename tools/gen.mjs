#!/usr/bin/env node
// Writes what is derived: the registries of the agent's units and the server's routes, the catalogue that the server
// shows, the OpenAPI document, the console's types, the reference pages of the docs.
//   npm run gen              writes what differs, and says so
//   node tools/gen.mjs --check   writes nothing; fails when something differs
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { consoleTypes, openApiText } from './gen-api.mjs';
import { registryFiles } from './gen-registry.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const isCheck = process.argv.includes('--check');
const PAGES = 'docs/generated';

// The registries come from the folders and are sources themselves; all else comes from what is built with them.
settle(new Map(registryFiles()));
build();

const wanted = new Map();
const agent = (path) => import(pathToFileURL(join(root, 'packages/agent/dist', path)).href);
const { controls } = await agent('registry/controls.generated.js');
const { remediations } = await agent('registry/remediations.generated.js');
const { collectors } = await agent('registry/collectors.generated.js');
const { CAS_ERRORS } = await import(pathToFileURL(join(root, 'packages/shared/dist/errors/table.js')).href);

const prose = (kind, slug) => readFileSync(`packages/agent/src/${kind}/${slug}/doc.md`, 'utf8').trim();
const byId = [...controls].sort((a, b) => (a.id < b.id ? -1 : 1));

wanted.set('packages/server/src/generated/catalogue.json', `${JSON.stringify(catalogue(), null, 2)}\n`);
for (const control of byId) wanted.set(`${PAGES}/controls/${control.id}.md`, controlPage(control));
for (const remediation of remediations)
  wanted.set(`${PAGES}/remediations/${remediation.slug}.md`, remediationPage(remediation));
wanted.set(`${PAGES}/README.md`, indexPage());
wanted.set(`${PAGES}/errors.md`, errorsPage());

wanted.set('packages/agent/src/registry/secret-params.generated.ts', secretParams());

const openApi = await openApiText();
wanted.set(`${PAGES}/openapi.json`, openApi);
wanted.set('packages/web/src/api/schema.generated.ts', await consoleTypes(JSON.parse(openApi)));
settle(wanted, leftovers());

/** Writes what differs, or fails because it does. `left` are files that nothing makes any more. */
function settle(files, left = []) {
  const stale = [...files]
    .filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(([path]) => path);
  if (isCheck) {
    if (stale.length + left.length > 0)
      fail(`Generated files are not fresh: ${[...stale, ...left].join(', ')}. Run "npm run gen".`);
    return;
  }
  for (const path of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, files.get(path));
    process.stdout.write(`wrote ${path}\n`);
  }
  for (const path of left) {
    rmSync(path);
    process.stdout.write(`removed ${path}\n`);
  }
}

function build() {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
    stdio: 'inherit',
  });
  if (status !== 0) fail('The build failed, and what is generated comes from what is built.');
}

/** Small, because a check prints commands and does not read the remediations themselves. */
function secretParams() {
  const rows = remediations
    .map(({ slug, params }) => [
      slug,
      Object.keys(params).filter((name) => params[name].kind === 'secret' && params[name].required),
    ])
    .filter(([, names]) => names.length > 0)
    .map(([slug, names]) => `  '${slug}': [${names.map((name) => `'${name}'`).join(', ')}],`);
  return `// Made by tools/gen.mjs from the remediations. Do not edit: npm run gen

/** Secrets that a remediation must be given, by its slug. */
export const SECRET_PARAMS: Readonly<Record<string, readonly string[]>> = {
${rows.join('\n')}
};
`;
}

/** What a failing judgement of this control may be, worst first; the server takes no other from a node. */
function severitiesOf({ severity, otherSeverities }) {
  const all = [severity, ...otherSeverities];
  return ['critical', 'high', 'medium', 'low'].filter((one) => all.includes(one));
}

function catalogue() {
  return {
    schema: 'castellan.catalogue/1',
    controls: byId.map((c) => ({
      id: c.id,
      slug: c.slug,
      title: c.title,
      severity: c.severity,
      ...(c.otherSeverities ? { severities: severitiesOf(c) } : {}),
      subject: c.subject,
      remediation: c.remediation,
      ...(c.otherRemediations ? { otherRemediations: c.otherRemediations } : {}),
      sources: c.sources.map((s) => (s.url ? `${s.cite} (${s.url})` : s.cite)),
      params: c.params,
      doc: prose('controls', c.slug),
    })),
    remediations: remediations.map((r) => ({
      slug: r.slug,
      title: r.title,
      fixes: r.fixes,
      risk: r.risk,
      params: r.params,
      doc: prose('remediations', r.slug),
    })),
  };
}

function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function controlPage(control) {
  const params = Object.entries(control.params);
  return `${[
    `# ${control.id}: ${control.title}`,
    `Severity ${control.severity} · judges ${control.subject} · reads ${control.reads.join(', ')} · ${
      control.remediation
        ? `fixed by [${control.remediation}](../remediations/${control.remediation}.md)`
        : 'fixed by hand'
    }`,
    prose('controls', control.slug),
    params.length > 0
      ? `## Parameters\n${table(
          ['name', 'default', 'unit', 'meaning'],
          params.map(([name, p]) => [name, p.default, p.unit ?? '', p.text]),
        )}`
      : '',
    `## Sources\n${control.sources.map((s) => (s.url ? `- [${s.cite}](${s.url})` : `- ${s.cite}`)).join('\n')}`,
    `Made from packages/agent/src/controls/${control.slug}/ by \`npm run gen\`.`,
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function remediationPage(remediation) {
  const params = Object.entries(remediation.params);
  return `${[
    `# ${remediation.slug}: ${remediation.title}`,
    `Fixes ${remediation.fixes.map((id) => `[${id}](../controls/${id}.md)`).join(', ')} · risk: ${remediation.risk}`,
    prose('remediations', remediation.slug),
    params.length > 0
      ? `## Parameters\n${table(
          ['name', 'kind', 'required', 'default', 'meaning'],
          params.map(([name, p]) => [name, p.kind, p.required ? 'yes' : 'no', p.default ?? '', p.text]),
        )}`
      : '',
    `Made from packages/agent/src/remediations/${remediation.slug}/ by \`npm run gen\`.`,
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function indexPage() {
  return `${[
    '# Reference, made from the code',
    `## Controls\n${table(
      ['control', 'title', 'severity', 'remediation'],
      byId.map((c) => [
        `[${c.id}](controls/${c.id}.md)`,
        c.title,
        c.severity,
        c.remediation ? `[${c.remediation}](remediations/${c.remediation}.md)` : 'by hand',
      ]),
    )}`,
    `## Remediations\n${table(
      ['remediation', 'title', 'fixes'],
      remediations.map((r) => [`[${r.slug}](remediations/${r.slug}.md)`, r.title, r.fixes.join(', ')]),
    )}`,
    `## Facts\n${table(
      ['fact', 'what is collected', 'evidence'],
      collectors.map((c) => [c.name, c.title, c.evidence]),
    )}`,
    'Errors: [errors.md](errors.md). The API: [openapi.json](openapi.json). Made by `npm run gen`.',
  ].join('\n\n')}\n`;
}

function errorsPage() {
  return `# Errors\n\nEvery expected failure has one code. A code is never given another meaning.\n\n${table(
    ['code', 'meaning', 'HTTP', 'exit code', 'try again'],
    Object.entries(CAS_ERRORS).map(([code, row]) => [code, row.text, row.http || '', row.exit, row.retry]),
  )}\n\nMade from packages/shared/src/errors/table.ts by \`npm run gen\`.\n`;
}

/** Pages whose control or remediation is gone. */
function leftovers() {
  if (!existsSync(PAGES)) return [];
  return readdirSync(PAGES, { recursive: true, encoding: 'utf8' })
    .map((name) => join(PAGES, name))
    .filter((path) => /\.(md|json)$/.test(path) && !wanted.has(path));
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
