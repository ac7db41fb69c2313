import {
  type Cidr,
  type Config,
  type Evaluation,
  evaluate,
  formatScope,
  parseBoolean,
  parseCidr,
  type ScopeStep,
  scopesNamed,
} from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { hostOf, isEverybody, type Reach, reachOf } from './reach.js';

/** The connections of one Listen that meet one set of values: those of a Peer, or all that no Peer meets. */
export interface Entrance {
  /** As `config locate` prints it. */
  readonly label: string;
  /** Null: whoever no Peer meets. */
  readonly peer: { readonly name: string; readonly block: Cidr | null } | null;
  /**
   * Whether anybody is left whom no Peer meets: `unclear` where the Peers have all of IPv4, and the socket is of every
   * address, which on some systems takes IPv6 as well.
   */
  readonly isMet: 'yes' | 'no' | 'unclear';
  setting(option: string): Evaluation;
}

export interface Socket {
  readonly instance: string;
  readonly config: Config;
  readonly path: readonly ScopeStep[];
  readonly name: string;
  /** The Listen, and the instance where there are several. */
  readonly subject: string;
  readonly reach: Reach;
  readonly enabled: boolean;
  readonly at: { readonly file: string; readonly line: number };
  readonly entrances: readonly Entrance[];
}

/** Every Listen of a type of listener, with those whom it takes apart by their address. */
export function socketsOf(
  {
    momentumConfig,
    momentumVersion,
  }: Pick<Facts, 'momentumConfig'> & Partial<Pick<Facts, 'momentumVersion'>>,
  listener: string,
): Socket[] {
  const options = { momentumVersion: momentumVersion?.version ?? undefined };
  return momentumConfig.configs.flatMap(({ instance, config }) => {
    const peers = scopesNamed(config, 'peer').map(({ path }) => path);
    return scopesNamed(config, 'listen')
      .filter(({ path }) => path.length === 2 && path[0]?.type === listener)
      .map(({ path, at }): Socket => {
        const name = path[1]?.name ?? '';
        const label = formatScope(path);
        return {
          instance,
          config,
          path,
          name,
          at,
          subject: momentumConfig.configs.length > 1 ? `${instance} ${label}` : label,
          reach: reachOf(name),
          enabled: parseBoolean(evaluate(config, path, 'enable', options).text ?? 'true') !== false,
          entrances: entrancesOf(config, path, peers, options),
        };
      });
  });
}

function entrancesOf(
  config: Config,
  listen: readonly ScopeStep[],
  allPeers: readonly (readonly ScopeStep[])[],
  options: Parameters<typeof evaluate>[3],
): Entrance[] {
  const [listener] = listen;
  const around = allPeers.filter(
    (path) =>
      isSame(path[0], listener) && (path.length === 2 || (path.length === 3 && isSame(path[1], listen[1]))),
  );
  const steps = new Map(
    around.flatMap((path) => {
      const step = path.at(-1);
      return step ? [[step.name?.toLowerCase() ?? '', step] as const] : [];
    }),
  );
  const entrance = (
    path: readonly ScopeStep[],
    peer: Entrance['peer'],
    isMet: Entrance['isMet'],
  ): Entrance => ({
    label: formatScope(path),
    peer,
    isMet,
    setting: (option) => evaluate(config, path, option, options),
  });
  const peers = [...steps.values()].map((step) =>
    entrance([...listen, step], { name: step.name ?? '', block: parseCidr(step.name ?? '') }, 'yes'),
  );
  const blocks = peers.flatMap(({ peer }) => peer?.block ?? []);
  return [entrance(listen, null, isOpenTo(listen[1]?.name ?? '', blocks)), ...peers];
}

/** Whether a socket meets anybody besides the Peers. */
function isOpenTo(listen: string, peers: readonly Cidr[]): Entrance['isMet'] {
  const host = hostOf(listen);
  const has4 = isEverybody(peers, 4);
  const has6 = isEverybody(peers, 6);
  if (host === '' || host === '*') return has4 ? (has6 ? 'no' : 'unclear') : 'yes';
  const family = parseCidr(host)?.family;
  if (family === undefined) return has4 && has6 ? 'no' : 'yes';
  // The wildcard of IPv6 takes connections of IPv4 on some systems: only both together leave nobody.
  if (family === 6) return has6 ? (has4 ? 'no' : 'unclear') : 'yes';
  return has4 ? 'no' : 'yes';
}

function isSame(a: ScopeStep | undefined, b: ScopeStep | undefined): boolean {
  return (
    a !== undefined && b !== undefined && formatScope([a]).toLowerCase() === formatScope([b]).toLowerCase()
  );
}
