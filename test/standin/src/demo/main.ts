// npm run demo [-- --story] [-- --keep]. See README.md beside this file.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULTS } from '../lay/faults/index.js';
import { EACH_ALERT_ALONE, Fleet, PLANTED } from './fleet.js';
import { Narrator } from './narrator.js';
import { pageLine, pageText } from './on-call.js';
import { typed } from './programs.js';
import { Story } from './story.js';

const USAGE = `Usage: npm run demo [-- --story] [-- --keep]
  --story   plays break, page, plan, approve, verified, resolved by itself, for what the chapter asks for; exit 0 only if
            every step happened
  --keep    leaves the temporary folder behind
`;
const LOST_EVERY_MS = 1000;
const ORPHANED_EVERY_MS = 250;

function invitation(fleet: Fleet, narrator: Narrator): void {
  const [node] = fleet.nodes;
  narrator.plain(`
Console   ${fleet.consoleUrl}
Sign in   ${fleet.adminName} / ${fleet.adminPassword}

Look at a node without the server:
  ${typed('agent')} check --root ${node?.dir ?? ''} --live
Break something and watch the page come:
  chmod 644 ${join(node?.dir ?? '', 'var/ecconfigd/apache/server.key')}
What a real site has wrong, and this one too:
${fleet.nodes.map(({ name, faults, isBeside }) => `  ${name}${isBeside ? ' (looked after from beside, over ssh)' : ''}\n${faults.map((fault) => `    - ${FAULTS[fault].title}`).join('\n')}`).join('\n')}

The nodes are stand-ins, not Momentum. Ctrl-C stops everything.
`);
}

/** Up until somebody stops it, or one of its programs is gone. */
async function stayUp(fleet: Fleet, interrupted: Promise<void>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      const program = fleet.hasLostProgram;
      if (program) resolve(`castellan-${program.name} has ended; its log: ${program.logFile}`);
    }, LOST_EVERY_MS);
  });
  const ended = await Promise.race([interrupted.then(() => null), lost]);
  clearInterval(timer);
  if (ended !== null) process.stderr.write(`${ended}\n`);
  return ended === null ? 0 : 1;
}

async function run(
  fleet: Fleet,
  narrator: Narrator,
  options: { readonly story: boolean; readonly interrupted: Promise<void> },
): Promise<number> {
  narrator.step(`laying three stand-in nodes in ${fleet.dir}`);
  await fleet.layNodes();
  narrator.step('starting the server');
  await fleet.startServer();
  await fleet.startReceiver();
  fleet.receiver.onPage = (page) => narrator.step(options.story ? pageLine(page) : pageText(page));
  narrator.step('enrolling and starting an agent on each node');
  await fleet.startAgents();
  if (!options.story) {
    invitation(fleet, narrator);
    return stayUp(fleet, options.interrupted);
  }
  const isWhole = await new Story(fleet, narrator).play();
  narrator.plain(
    isWhole
      ? '\nEvery step happened.'
      : `\nNot every step happened:\n${narrator.failures.map((text) => `  - ${text.trim()}`).join('\n')}`,
  );
  return isWhole ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      story: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const narrator = new Narrator();
  const fleet = new Fleet(narrator, PLANTED, values.story ? { alerts: EACH_ALERT_ALONE } : {});
  let wasInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    const interrupt = () => {
      wasInterrupted = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    // npm that is killed passes no signal on: this process only gets another parent.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && interrupt(), ORPHANED_EVERY_MS).unref();
  });
  // Whoever read our words is gone too when a terminal closes: there is nobody to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const work = run(fleet, narrator, { story: values.story, interrupted });
  try {
    // A story that is interrupted ends at once; what it was waiting for fails when its programs are gone.
    const code = await Promise.race([work, interrupted.then(() => 130)]);
    return wasInterrupted && !values.story ? 0 : code;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await fleet.stop({ keep: values.keep });
    work.catch(() => undefined);
  }
}

process.exit(await main());
