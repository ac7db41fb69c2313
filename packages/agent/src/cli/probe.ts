import { casError } from '@castellan/shared/errors/cas-error';
import { visibleDeep, visibleJson } from '@castellan/shared/text/visible-text';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nodeClock } from '../adapters/node-clock.js';
import { nodeNet } from '../adapters/node-net.js';
import { probeListener } from '../knowledge/wire/probe-listener.js';
import type { Preamble } from '../ports/net.js';
import { type Probed, probeTable } from './format/probe-table.js';
import type { Output } from './output.js';

interface ProbeOptions {
  readonly starttls?: 'smtp' | 'postgres' | 'ldap';
  readonly servername?: string;
  readonly ehlo?: string;
  readonly format: 'table' | 'json';
}

const PREAMBLE_OF: Readonly<Record<NonNullable<ProbeOptions['starttls']>, Preamble>> = {
  smtp: 'smtp',
  postgres: 'postgresql',
  ldap: 'ldap',
};

const EXIT_FAILURE = 1;

const HELP = `
Only listeners of this node are probed, one connection at a time. Old versions are asked for by hellos of our own,
whatever the OpenSSL of this host speaks.

Examples:
  castellan-agent probe 127.0.0.1:25 --starttls smtp
  castellan-agent probe localhost:443 --servername webui.example.com
  castellan-agent probe [::1]:5432 --starttls postgres --format json

Exit codes: 0 the listener answered, 1 it gave no answer that tells anything, 2 usage, or not an address of this node.`;

export function probeCommand(output: Output, signal: AbortSignal): Command {
  return new Command('probe')
    .description('what one listener of this node offers: versions, cipher, DH size, certificates')
    .argument('<host:port>', 'where it listens', endpointArgument)
    .addOption(
      new Option('--starttls <protocol>', 'what is spoken before TLS begins').choices([
        'smtp',
        'postgres',
        'ldap',
      ]),
    )
    .option('--servername <name>', 'the host that is asked for (SNI); else the host as given')
    .option('--ehlo <name>', 'the name that SMTP is greeted with (localhost)', ehloArgument)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', HELP)
    .action(async (endpoint: Endpoint, options: ProbeOptions) => {
      process.exitCode = await probe(endpoint, options, output, signal);
    });
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function endpointArgument(given: string): Endpoint {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(given) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It looks like 127.0.0.1:25 or [::1]:25.');
  return { host, port };
}

/** It goes into a line of SMTP as it is. */
function ehloArgument(given: string): string {
  if (/^[A-Za-z0-9.:[\]-]{1,255}$/.test(given)) return given;
  throw new InvalidArgumentError('A host name, or an address in brackets.');
}

async function probe(
  endpoint: Endpoint,
  options: ProbeOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const { starttls } = options;
  const seen = await probeListener(
    { net: nodeNet({ forbidden: null }), clock: nodeClock, signal },
    {
      ...endpoint,
      preamble: starttls === undefined ? 'none' : PREAMBLE_OF[starttls],
      servername: options.servername ?? endpoint.host,
      ...(options.ehlo === undefined ? {} : { ehloName: options.ehlo }),
    },
  );
  if (!('versions' in seen)) {
    if (seen.kind === 'forbidden') throw casError('CAS_INPUT_INVALID', seen.detail);
    output.note(`castellan-agent: ${seen.detail}\n`);
    return EXIT_FAILURE;
  }
  const probed: Probed = {
    schema: 'castellan.probe/1',
    ...endpoint,
    starttls: starttls ?? null,
    ...seen,
  };
  output.out(
    options.format === 'json'
      ? visibleJson(`${JSON.stringify(probed, null, 2)}\n`)
      : probeTable(visibleDeep(probed), output.colour, nodeClock.now()),
  );
  return seen.versions.every(({ answer }) => answer === 'inconclusive') ? EXIT_FAILURE : 0;
}
