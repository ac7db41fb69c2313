// Writes the registries from the folders, so that a new control, collector, remediation, route or channel is one new folder.
//   node tools/gen-registry.mjs      writes what differs, and says so (tools/gen.mjs calls registryFiles())
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = 'packages/agent/src';
const ISSUERS = `${SOURCE}/remediations/certificate-renew/issuers`;
const API = 'packages/server/src/api';
const OUTBOX = 'packages/server/src/outbox';
const UNITS = [
  { folder: 'collectors', file: 'collector', type: 'Collector', from: '../units/fact.js' },
  { folder: 'controls', file: 'control', type: 'Control', from: '../units/control.js' },
  { folder: 'remediations', file: 'remediation', type: 'Remediation', from: '../units/remediation.js' },
];

/** [path from the repository's root, text] for each registry. */
export function registryFiles() {
  return [
    [`${SOURCE}/facts/facts.generated.ts`, facts()],
    ...UNITS.map((unit) => [`${SOURCE}/registry/${unit.folder}.generated.ts`, registry(unit)]),
    [`${ISSUERS}.generated.ts`, issuers()],
    [`${API}/routes.generated.ts`, routes()],
    [`${OUTBOX}/channels.generated.ts`, channels()],
  ];
}

/** The facts by name: `config-tree.ts` declares `ConfigTreeFact`, which is the fact `configTree`. */
function facts() {
  const files = readdirSync(join(ROOT, SOURCE, 'facts'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.generated.ts'))
    .map((entry) => entry.name.slice(0, -'.ts'.length))
    .sort();
  const type = (file) => `${camel(file)[0].toUpperCase()}${camel(file).slice(1)}Fact`;
  return [
    `// Made by tools/gen-registry.mjs from the files of ${SOURCE}/facts. Do not edit: npm run gen`,
    ...files.map((file) => `import type { ${type(file)} } from './${file}.js';`),
    '',
    'export interface Facts {',
    ...files.map((file) => `  readonly ${camel(file)}: ${type(file)};`),
    '}',
    '',
  ].join('\n');
}

const camel = (slug) => slug.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** A folder without its unit's file is not finished yet, and is left out. */
function slugsOf({ folder, file }) {
  const path = join(ROOT, SOURCE, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, `${file}.ts`)))
    .map((entry) => entry.name)
    .sort();
}

function registry(unit) {
  const slugs = slugsOf(unit);
  // Each unit is typed by the facts it reads; the engine gives it just those, so the narrowing is lost on purpose.
  const items = slugs.map((slug) => `  ${camel(slug)} as unknown as ${unit.type},`);
  return [
    `// Made by tools/gen-registry.mjs from the folders of ${SOURCE}/${unit.folder}. Do not edit: npm run gen`,
    `import type { ${unit.type} } from '${unit.from}';`,
    ...slugs.map((slug) => `import ${camel(slug)} from '../${unit.folder}/${slug}/${unit.file}.js';`),
    '',
    `export const ${unit.folder}: readonly ${unit.type}[] = [`,
    ...items,
    '];',
    '',
  ].join('\n');
}

/** Every folder of routes is mounted: one that has no index.ts is a mistake, not a route that nobody sees. */
function routes() {
  const names = foldersIn(`${API}/routes`);
  return [
    `// Made by tools/gen-registry.mjs from the folders of ${API}/routes. Do not edit: npm run gen`,
    "import type { RouteModule } from './route.js';",
    ...names.map((name) => `import * as ${name} from './routes/${name}/index.js';`),
    '',
    'export const ROUTES: readonly RouteModule[] = [',
    ...names.map((name) => `  ${name},`),
    '];',
    '',
  ].join('\n');
}

function issuers() {
  const names = foldersIn(ISSUERS);
  return [
    `// Made by tools/gen-registry.mjs from the folders of ${ISSUERS}. Do not edit: npm run gen`,
    "import type { Issuer } from './issuers/issuer.js';",
    ...names.map((name) => `import ${camel(name)} from './issuers/${name}/issuer.js';`),
    '',
    `export const issuers: readonly Issuer[] = [${names.map(camel).join(', ')}];`,
    '',
  ].join('\n');
}

/** In the order of the folders' names, which is the order in which people are offered them. */
function channels() {
  const kinds = foldersIn(`${OUTBOX}/channels`);
  return [
    `// Made by tools/gen-registry.mjs from the folders of ${OUTBOX}/channels. Do not edit: npm run gen`,
    "import type { Channel } from './channel.js';",
    ...kinds.map((kind) => `import { channel as ${camel(kind)} } from './channels/${kind}/index.js';`),
    '',
    'export const CHANNEL_MODULES: readonly Channel[] = [',
    ...kinds.map((kind) => `  ${camel(kind)},`),
    '];',
    '',
  ].join('\n');
}

function foldersIn(path) {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const [path, text] of registryFiles()) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    writeFileSync(file, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
