#!/usr/bin/env node
// node test/standin/dist/lay/main.js DIR --name HOST [--fault NAME ...] [--real] [--port SERVICE=N ...] [--start]
import { parseArgs } from 'node:util';
import { startNode } from '../running/start-node.js';
import { FAULT_NAMES, FAULTS } from './faults/index.js';
import { layNode } from './node.js';
import type { Ports } from './options.js';

const USAGE = `Usage: lay DIR [--name HOST] [--fault NAME ...] [--all-faults] [--real] [--address IP] [--port SERVICE=N ...] [--start]
Lays a stand-in Momentum node for tests and the demo below DIR. It is not a Momentum.
Faults:
${Object.values(FAULTS)
  .map(({ name, title }) => `  ${name.padEnd(30)} ${title}`)
  .join('\n')}
Services for --port: ecconfigd, ecwebui, msyspg, esmtp
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'mta1.example.com' },
    fault: { type: 'string', multiple: true, default: [] },
    'all-faults': { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    address: { type: 'string' },
    port: { type: 'string', multiple: true, default: [] },
    start: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function faultNamed(name: string) {
  const found = FAULT_NAMES.find((one) => one === name);
  if (!found) throw new Error(`there is no fault ${name}\n\n${USAGE}`);
  return found;
}

function portsOf(texts: readonly string[]): Partial<Ports> {
  return Object.fromEntries(texts.map((text) => [text.split('=')[0] ?? '', Number(text.split('=')[1])]));
}

const [dir] = positionals;
if (values.help || dir === undefined) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const { settings } = await layNode(dir, {
    name: values.name,
    faults: values['all-faults'] ? FAULT_NAMES : values.fault.map(faultNamed),
    real: values.real,
    ports: portsOf(values.port),
    ...(values.address === undefined ? {} : { address: values.address }),
  });
  if (values.start) await startNode(dir);
  process.stdout.write(`${JSON.stringify({ dir, ...settings })}\n`);
}
