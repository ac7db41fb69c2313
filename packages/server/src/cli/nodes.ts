import { casError } from '@castellan/shared/errors/cas-error';
import type { Command } from 'commander';
import type { ServerContext } from '../services/context.js';
import { getNode, listNodes, type NodeView } from '../services/fleet.js';
import { deleteNode, moveNode, nodeIdOf, renameNode, retireNode } from '../services/nodes.js';
import type { Actor } from '../services/unit.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';

/** Nodes read at once. */
const PAGE = 500;

/** `castellan-server node ...` */
export function addNodeCommands(program: Command, config: readonly [string, string]): void {
  const node = program.command('node').description('nodes');
  node
    .command('list')
    .description('print the nodes that are looked after')
    .option('--retired', 'instead: those that are retired')
    .option('--json', 'print JSON')
    .option(...config)
    .action(list);
  node
    .command('show <node>')
    .description('print what is known of one node, and from where it is looked after')
    .option('--json', 'print JSON')
    .option(...config)
    .action(show);
  node
    .command('rename <node> <name>')
    .description('call a node something else here; its findings and its key stay')
    .option(...config)
    .action((name, wanted, options) =>
      act(name, options, `"${name}" is called "${wanted}" now`, (ctx, actor, id) =>
        renameNode(ctx, actor, id, wanted),
      ),
    );
  node
    .command('move <node> <group>')
    .description('put a node into another group')
    .option(...config)
    .action((name, group, options) =>
      act(name, options, `"${name}" is of the group "${group}" now`, (ctx, actor, id) =>
        moveNode(ctx, actor, id, group),
      ),
    );
  node
    .command('retire <node>')
    .description('revoke its certificate, end its findings, wait for it no more')
    .option(...config)
    .action((name, options) => act(name, options, `retired "${name}"`, retireNode));
  node
    .command('delete <node>')
    .description('delete a retired node; the history of its findings stays')
    .option(...config)
    .action((name, options) => act(name, options, `deleted "${name}"`, deleteNode));
}

async function list(options: ConfigOption & { retired?: boolean; json?: boolean }): Promise<void> {
  const nodes = await withCore(options.config, async ({ ctx }) => {
    const found: NodeView[] = [];
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
      const page = await listNodes(
        ctx,
        { isRetired: options.retired ?? false },
        { limit: PAGE, cursor, isCounted: false },
      );
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  });
  const rows = nodes.map((node) => ({
    name: node.name,
    id: node.id,
    group: node.group,
    connected: node.connected,
    findings: Object.values(node.open).reduce((sum, count) => sum + count, 0),
    lastSeenAt: node.lastSeenAt,
    revoked: node.revoked,
    retiredAt: node.retiredAt,
  }));
  printRows(
    rows,
    options.retired
      ? ['name', 'group', 'lastSeenAt', 'retiredAt']
      : ['name', 'group', 'connected', 'findings', 'lastSeenAt', 'revoked'],
    options.json,
  );
}

async function show(name: string, options: ConfigOption & { json?: boolean }): Promise<void> {
  const node = await withCore(options.config, async ({ ctx }) => getNode(ctx, await nodeIdOf(ctx, name)));
  if (!node) throw casError('CAS_NOT_FOUND', `there is no node "${name}"`);
  const { description, watchers } = node;
  const beside = description?.beside ?? null;
  const facts = {
    name: node.name,
    id: node.id,
    group: node.group,
    connected: node.connected,
    lastSeenAt: node.lastSeenAt,
    enrolledAt: node.enrolledAt,
    agentVersion: node.agentVersion,
    roles: description?.roles.join(' ') || null,
    os: description?.os ?? null,
    momentum: description?.momentum.version ?? null,
    // Null: the agent is on the node, and hears of changes as they happen.
    besideThrough: beside?.through ?? null,
    besideIntervalS: beside?.intervalS ?? null,
    watchers: watchers.map(({ name: kind, everyS }) =>
      everyS === undefined ? kind : `${kind} every ${everyS} s`,
    ),
    findings: Object.values(node.open).reduce((sum, count) => sum + count, 0),
  };
  if (options.json) process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  else
    printRows(
      Object.entries(facts).map(([what, value]) => ({
        what,
        is: Array.isArray(value) ? value.join(', ') : value,
      })),
      ['what', 'is'],
    );
}

async function act(
  name: string,
  options: ConfigOption,
  done: string,
  work: (ctx: ServerContext, actor: Actor, id: string) => ReturnType<typeof retireNode>,
): Promise<void> {
  await withCore(options.config, async ({ ctx }) =>
    unwrap(await work(ctx, caller(), await nodeIdOf(ctx, name))),
  );
  say(done);
}
