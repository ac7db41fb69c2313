#!/usr/bin/env node
// Writes the folder of a new control, with a case that fails until it is written:
//   npm run new:control -- MOM-TLS-099 tls-example "What must hold, in a few words"
// Then: the rule in control.ts, cases for every status in cases.ts, the page in doc.md, and `npm run gen`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'packages/agent/src/controls';
/** What is left to be written is marked so; test/arch/tidy.test.ts lets no mark through. */
const MARK = 'TO-BE-WRITTEN';

const [id, slug, title] = process.argv.slice(2);
const fault = faultOf(id, slug, title);
if (fault !== null) {
  process.stderr.write(`${fault}\nUsage: npm run new:control -- MOM-TLS-099 tls-example "What must hold"\n`);
  process.exit(2);
}
mkdirSync(join(FOLDER, slug));
for (const [name, text] of Object.entries(filesOf(id, slug, title)))
  writeFileSync(join(FOLDER, slug, name), text);
spawnSync(process.execPath, [
  'node_modules/@biomejs/biome/bin/biome',
  'format',
  '--write',
  join(FOLDER, slug),
]);
process.stdout.write(
  `wrote ${FOLDER}/${slug}/{control.ts,cases.ts,doc.md}; each ${MARK} is to be replaced, then: npm run gen\n`,
);

/** Null: the three arguments are good. */
function faultOf(id, slug, title) {
  if (!/^MOM-[A-Z]{2,5}-\d{3}$/.test(id ?? ''))
    return `"${id ?? ''}" is not an identifier such as MOM-TLS-099`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug ?? ''))
    return `"${slug ?? ''}" is not a slug such as tls-example`;
  if (!title?.trim()) return 'a title is missing';
  if (existsSync(join(FOLDER, slug))) return `${FOLDER}/${slug} exists already`;
  const same = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(FOLDER, entry.name, 'control.ts'))
    .find((path) => existsSync(path) && readFileSync(path, 'utf8').includes(`id: '${id}'`));
  return same ? `${id} is the control of ${same}` : null;
}

function filesOf(id, slug, title) {
  return {
    'control.ts': `import { defineControl, judgement, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: '${id}',
  slug: '${slug}',
  title: ${JSON.stringify(title).replaceAll("'", "\\'").replace(/^"|"$/g, "'")},
  severity: 'medium',
  subject: '${MARK}',
  reads: ['momentumConfig'],
  sources: [manual3('${MARK}')],
  remediation: null,
  params: {},

  // One judgement a subject. A certain failure outranks a doubt; what is not understood is never a pass.
  evaluate({ facts: { momentumConfig } }) {
    return momentumConfig.configs.map(({ instance }) => judgement(instance, pass('${MARK}')));
  },
});
`,
    'cases.ts': `import { caseConfig } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

export default defineCases([
  { name: '${MARK}: what fails', facts: () => caseConfig(''), expect: { status: 'fail', violations: 1 } },
  { name: '${MARK}: what passes', facts: () => caseConfig(''), expect: { status: 'pass' } },
  { name: '${MARK}: what cannot be told', facts: () => caseConfig(''), expect: { status: 'indeterminate' } },
]);
`,
    'doc.md': `${MARK}: what an attacker gains, or what breaks.

## How it is judged
${MARK}

## False alarms
${MARK}

## How it is fixed
${MARK}
`,
  };
}
