#!/usr/bin/env node
// npm run demo [-- --story] [-- --keep]: see README.md. Needs no root, no Debian packages, no Docker.
import { parseArgs } from 'node:util';
import { DEMO_NODES, type Fleet, startFleet } from './fleet.js';
import type { Page } from './receiver.js';
import { playStory } from './story.js';

const { values } = parseArgs({ options: { story: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } } });
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** One page as it would read on a telephone. */
function printPage(page: Page): void {
  const { data } = page;
  const mark = page.type === 'alert.firing' ? 'PAGE    ' : page.type === 'alert.resolved' ? 'resolved' : page.type;
  const first = data.violations?.[0]?.at;
  const place = first ? ` at ${first.file ?? first.scope ?? first.object ?? ''}${first.line ? `:${first.line}` : ''}` : '';
  say(`  ${mark} ${(data.severity ?? '').padEnd(8)} ${data.node?.name ?? ''}  ${data.summary ?? ''}${place}  [${data.control ?? ''}]`);
}

function introduce(fleet: Fleet): void {
  const [node] = fleet.nodes;
  say('');
  say(`Console   ${fleet.console}`);
  say(`Sign in   ${fleet.user.name} / ${fleet.user.password}`);
  say(`Try       node packages/agent/bin/castellan-agent.js check --root ${node?.tree ?? ''} --live`);
  say(`Break     chmod 644 ${node?.tree ?? ''}/var/ecconfigd/apache/server.key`);
  say('The nodes are stand-ins: their programs and services are not Momentum. Ctrl-C ends everything.');
  say('');
}

async function main(): Promise<number> {
  say('Starting a server, two stand-in nodes with an agent each, and somebody on call ...');
  const fleet = await startFleet({ nodes: DEMO_NODES, onPage: values.story ? () => undefined : printPage, say, keep: values.keep });
  const interrupted = new Promise<'interrupted'>((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'));
    process.once('SIGTERM', () => resolve('interrupted'));
  });
  try {
    introduce(fleet);
    if (!values.story) {
      await interrupted;
      return 0;
    }
    const end = await Promise.race([playStory(fleet, say).then(() => 'played' as const), interrupted]);
    say(end === 'played' ? 'Every step really happened.' : 'Interrupted.');
    return end === 'played' ? 0 : 130;
  } finally {
    await fleet.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
