import type { FileReader } from '../../ports/files.js';
import type { ShellState } from './sh-state.js';

/** What expansions change is the state's; `problem` is set where an expansion may end the command. */
export interface Expansion {
  readonly files: FileReader;
  readonly state: ShellState;
  readonly shell: string;
  readonly isInteractive: boolean;
  problem: boolean;
}
