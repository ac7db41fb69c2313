import { existsSync, readFileSync } from 'node:fs';
import { casError } from '@castellan/shared/errors/cas-error';
import { Command } from 'commander';
import { controls } from '../registry/controls.generated.js';
import { remediations } from '../registry/remediations.generated.js';
import type { Control } from '../units/control.js';
import type { Output } from './output.js';
import { paint } from './paint.js';

export function explainCommand(output: Output): Command {
  return new Command('explain')
    .description("a control's page: why, sources, how it is judged, how it is fixed")
    .argument('[control]', 'its id (MOM-TLS-001) or its name; without one: the list')
    .addHelpText('after', '\nExamples:\n  castellan-agent explain\n  castellan-agent explain MOM-TLS-001')
    .action((name: string | undefined) =>
      output.out(name === undefined ? list() : page(find(name), output.colour)),
    );
}

function find(name: string): Control {
  const control = controls.find(({ id, slug }) => id === name.toUpperCase() || slug === name.toLowerCase());
  if (!control)
    throw casError('CAS_CONTROL_UNKNOWN', `there is no control ${name} (castellan-agent explain lists them)`);
  return control;
}

function list(): string {
  const lines = [...controls]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, severity, title }) => `${id.padEnd(14)} ${severity.padEnd(8)} ${title}`);
  return `${lines.join('\n')}\n`;
}

function page(control: Control, colour: boolean): string {
  const { bold } = paint(colour);
  const fix = remediations.find(({ slug }) => slug === control.remediation);
  const params = Object.entries(control.params).map(
    ([name, p]) => `  ${name} (default ${p.default}${p.unit ? ` ${p.unit}` : ''}): ${p.text}`,
  );
  const parts = [
    bold(`${control.id}  ${control.title}`),
    `severity ${control.severity}, judges ${control.subject}, reads ${control.reads.join(', ')}`,
    prose(control.slug),
    ...(params.length > 0 ? [`${bold('Parameters')}\n${params.join('\n')}`] : []),
    `${bold('Sources')}\n${control.sources.map(({ cite, url }) => `  ${cite}${url ? `\n    ${url}` : ''}`).join('\n')}`,
    `${bold('Fix')}\n  ${fix ? `castellan-agent plan ${fix.slug}   ${fix.title}` : 'by hand, as the text above says'}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The prose stands beside the source; in dist there is only the compiled code. */
function prose(slug: string): string {
  const places = [`../controls/${slug}/doc.md`, `../../src/controls/${slug}/doc.md`].map(
    (path) => new URL(path, import.meta.url),
  );
  const place = places.find((url) => existsSync(url));
  return place ? readFileSync(place, 'utf8').trim() : '';
}
