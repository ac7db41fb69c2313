import type { Distribution } from '../../api/types.js';

/** In a line: as which revision it was committed, and where that has come. */
export function distributionWords({ state, revision, nodes, have }: Distribution): string {
  const committed = `Committed as r${revision}`;
  switch (state) {
    case 'everywhere':
      return nodes === 1
        ? `${committed}; the other node that shares the repository has it`
        : `${committed}; all ${nodes} other nodes that share the repository have it`;
    case 'waiting':
      return `${committed}; ${have} of ${nodes} other ${nodes === 1 ? 'node' : 'nodes'} that share the repository ${have === 1 ? 'has' : 'have'} it so far`;
    case 'behind':
      return `${committed}; ${nodes - have} of ${nodes} other ${nodes === 1 ? 'node' : 'nodes'} that share the repository still ${nodes - have === 1 ? 'lacks' : 'lack'} it`;
    case 'alone':
      return `${committed}; no other node is known to share the repository`;
    case 'unknown':
      return `${committed}; which nodes share the repository is not known`;
  }
}

/** Of a node that lacks it; one that is silent, or no longer says what it has, may have it by now. */
export function lackWords({ revision, isSure }: Pick<Distribution['behind'][number], 'revision' | 'isSure'>) {
  return isSure ? `still has r${revision}` : `said last that it has r${revision}, and is not heard now`;
}
