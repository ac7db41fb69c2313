import type { UmaskLine } from '../../facts/umask.js';
import { ANY, either, exact, isFilled, SOME, type Text } from './sh-text.js';
import type { Command } from './sh-tree.js';
import type { Tri } from './tri.js';

export interface Account {
  readonly home: string;
  readonly shell: string;
}

/** A mask that the shell may have, and what set it; `order` counts the commands that did. */
export interface Origin {
  readonly line: UmaskLine | null;
  readonly order: number;
}

/** Everything of a shell that decides what a later command does. Null as a variable: certainly unset. */
export class ShellState {
  /** Null stands for a mask that cannot be told. */
  masks = new Map<number | null, Origin>();
  /** One that is not here came from outside, or not at all: nothing is known of it. */
  variables = new Map<string, Text | null>();
  functions = new Map<string, Command | 'unclear'>();
  aliases = new Map<string, string | null>();
  readonlyNames = new Set<string>();
  positional: readonly Text[] | null = [];
  status: Tri = 'yes';
  /** `set -e`, `set -u`. */
  isErrexit = false;
  isNounset = false;
  /** An option of `shopt` or `set` that changes what patterns stand for. */
  hasOddPatterns = false;
  hasLastpipe = false;
  /** What may change the mask after every later command: a trap, an alias for a word of the grammar. */
  haunted: UmaskLine | null = null;
  /** Something was run that is not known: names may be functions of it. */
  isOpaque = false;

  static ofRoot(account: Account, isInteractive: boolean): ShellState {
    const isBash = /\bbash$/.test(account.shell);
    const state = new ShellState();
    const set = (name: string, value: Text | null) => state.variables.set(name, value);
    set('HOME', exact(account.home === '' ? '/' : account.home));
    for (const name of ['USER', 'LOGNAME']) set(name, exact('root'));
    set('SHELL', exact(account.shell));
    set('PATH', SOME);
    // The shell is taken to be interactive: only its prompt's being set matters, not what it is.
    set('PS1', isInteractive ? SOME : null);
    set('PROMPT_COMMAND', null);
    // RHEL guards its bashrc with this against being read twice; the first time it is empty.
    set('BASHRCSOURCED', null);
    set('PPID', SOME);
    set(
      '-',
      isBash ? exact(isInteractive ? 'himBHs' : 'hB') : { prefix: isInteractive ? 'i' : '', rest: 'any' },
    );
    if (isBash) {
      for (const name of ['UID', 'EUID']) set(name, exact('0'));
      set('BASH', exact(account.shell));
      set('BASH_VERSION', SOME);
      set('ZSH_VERSION', null);
      state.readonlyNames = new Set(['UID', 'EUID', 'PPID', 'BASHOPTS', 'BASH_VERSINFO', 'SHELLOPTS']);
    } else {
      const isZsh = /\bzsh$/.test(account.shell);
      const isKsh = /\bksh/.test(account.shell);
      for (const name of ['UID', 'EUID']) set(name, isZsh ? exact('0') : isKsh ? ANY : null);
      // /bin/sh may be a bash, and is one on RHEL.
      for (const name of ['BASH', 'BASH_VERSION']) set(name, /\b(da|k|z)sh/.test(account.shell) ? null : ANY);
      if (/\bsh$/.test(account.shell))
        for (const name of ['UID', 'EUID']) set(name, { prefix: '', rest: 'any' });
    }
    return state;
  }

  get mask(): number | null {
    const [only = null] = this.masks.keys();
    return this.masks.size === 1 ? only : null;
  }

  clone(): ShellState {
    const copy = new ShellState();
    Object.assign(copy, this);
    copy.masks = new Map(this.masks);
    copy.variables = new Map(this.variables);
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.readonlyNames = new Set(this.readonlyNames);
    return copy;
  }

  /** Nothing is known of a variable any more. */
  forget(name: string): void {
    this.variables.set(name, ANY);
  }

  value(name: string): Text | null {
    const value = this.variables.get(name);
    return value === undefined ? ANY : value;
  }

  isSet(name: string): Tri {
    const value = this.value(name);
    if (value === null) return 'no';
    return value.rest === null || isFilled(value) === 'yes' ? 'yes' : 'unclear';
  }

  /** Whatever was run may have set it all, but for who the user is. */
  forgetAll(): void {
    const kept = new Set([
      'HOME',
      'USER',
      'LOGNAME',
      'SHELL',
      'PS1',
      'UID',
      'EUID',
      '-',
      'BASH',
      'BASH_VERSION',
    ]);
    for (const name of this.variables.keys()) if (!kept.has(name)) this.variables.delete(name);
    this.positional = null;
    this.isOpaque = true;
  }

  /** In order to go on with one state where two are possible. */
  joined(other: ShellState): ShellState {
    const both = this.clone();
    for (const [mask, origin] of other.masks) {
      const own = both.masks.get(mask);
      if (!own || origin.order < own.order) both.masks.set(mask, origin);
    }
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()]))
      both.variables.set(name, either(this.value(name), other.value(name)) ?? ANY);
    for (const name of new Set([...this.variables.keys()].filter((n) => other.variables.has(n))))
      if (this.variables.get(name) === null && other.variables.get(name) === null)
        both.variables.set(name, null);
    for (const name of new Set([...this.functions.keys(), ...other.functions.keys()]))
      if (this.functions.get(name) !== other.functions.get(name)) both.functions.set(name, 'unclear');
    for (const name of new Set([...this.aliases.keys(), ...other.aliases.keys()]))
      if (this.aliases.get(name) !== other.aliases.get(name)) both.aliases.set(name, null);
    for (const name of other.readonlyNames) both.readonlyNames.add(name);
    both.positional = this.positional === other.positional ? this.positional : null;
    both.status = this.status === other.status ? this.status : 'unclear';
    both.isErrexit = this.isErrexit && other.isErrexit;
    both.isNounset = this.isNounset || other.isNounset;
    both.hasOddPatterns = this.hasOddPatterns || other.hasOddPatterns;
    both.hasLastpipe = this.hasLastpipe || other.hasLastpipe;
    both.haunted = this.haunted ?? other.haunted;
    both.isOpaque = this.isOpaque || other.isOpaque;
    return both;
  }
}
