// docs/mutation.md from the reports of the layers.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYERS, reportOf, SCORE_MIN } from './layers.mjs';

const FOUND = new Set(['Killed', 'Timeout']);
const COUNTED = new Set([...FOUND, 'Survived', 'NoCoverage']);
const SHOWN_UNITS_MAX = 90;

/** Whether every layer has been run and the score is reached. */
export function writePage(repository) {
  const layers = Object.keys(LAYERS).filter((layer) => existsSync(join(repository, reportOf(layer))));
  const rows = layers.map((layer) => ({ layer, mutants: mutantsOf(join(repository, reportOf(layer))) }));
  const all = rows.flatMap(({ mutants }) => mutants);
  const missing = Object.keys(LAYERS).filter((layer) => !layers.includes(layer));
  const text = `# Mutation testing of the configuration language

\`npm run test:mutation\` plants one small fault after the other into \`packages/momentum\` (a condition turned round, a line
left out, a bound moved by one) and runs the tests of the layer that it is in. A fault that no test finds survives. Texts for
people are not mutated: the goldens of \`ecconf\` hold them. Faults at module level, which would need a run of their own,
are left out. At least ${SCORE_MIN} % must be found.

| layer | faults | found | survived | without a test | score |
|---|---|---|---|---|---|
${rows.map(({ layer, mutants }) => rowOf(layer, mutants)).join('\n')}
${rowOf('in all', all)}
${missing.length > 0 ? `\nNot measured yet: ${missing.join(', ')}.\n` : ''}
## What survived

Many of these change nothing that can be seen: a cache or a fast way that is not taken, a bound of work, a condition that
another one implies. The others are gaps in the tests.

${rows.map(({ layer, mutants }) => survivorsOf(layer, mutants)).join('\n')}`;
  writeFileSync(join(repository, 'docs/mutation.md'), text);
  process.stdout.write(`${rowOf('in all', all)}\n`);
  return layers.length === Object.keys(LAYERS).length && scoreOf(all) >= SCORE_MIN;
}

function mutantsOf(path) {
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants
      .filter(({ status }) => COUNTED.has(status))
      .map((mutant) => ({ ...mutant, file, code: codeAt(source, mutant.location) })),
  );
}

function codeAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const text = lines.length === 1 ? lines[0].slice(start.column - 1, end.column - 1) : lines.join(' ').trim();
  return short(text);
}

function rowOf(layer, mutants) {
  const count = (statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const cells = [mutants.length, count([...FOUND]), count(['Survived']), count(['NoCoverage'])];
  return `| ${layer} | ${cells.join(' | ')} | ${scoreOf(mutants).toFixed(1)} % |`;
}

function scoreOf(mutants) {
  const found = mutants.filter(({ status }) => FOUND.has(status)).length;
  return mutants.length === 0 ? 0 : (100 * found) / mutants.length;
}

function survivorsOf(layer, mutants) {
  const lines = mutants
    .filter(({ status }) => !FOUND.has(status))
    .map(({ file, location, code, replacement }) => {
      const place = `${file.replace('packages/momentum/src/', '')}:${location.start.line}`;
      return `- \`${place}\`: ${quoted(code)} as ${quoted(short(replacement ?? ''))}`;
    });
  return `### ${layer}\n\n${lines.length > 0 ? lines.join('\n') : 'None.'}\n`;
}

function short(text) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN_UNITS_MAX ? `${line.slice(0, SHOWN_UNITS_MAX)}...` : line;
}

function quoted(code) {
  return code === '' ? 'nothing' : `\`\` ${code} \`\``;
}
