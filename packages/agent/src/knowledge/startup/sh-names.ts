/** Builtins that neither touch the mask nor run anything in this shell that is not seen. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    'bg bind caller cd chdir compgen complete compopt dirs disown echo fg hash help history jobs kill popd pushd pwd suspend ' +
    'times type ulimit wait bindkey compinit zstyle autoload setopt unsetopt zmodload whence print stop'
  ).split(' '),
);

/** Programs whose output sets variables of their own and nothing else. */
export const HARMLESS_OUTPUT =
  /^"?(\/usr)?(\/local)?(\/s?bin\/)?(dircolors|lesspipe(\.sh)?|ssh-agent|tset|resize|locale)"?$/;

const WELL_KNOWN = new Set(
  (
    'awk basename cat chmod chown clear cp cut date dirname dircolors du df env expr find getent grep egrep fgrep head ' +
    'hostname id install ip ln ls logger logname lscpu mesg mkdir mktemp mv nproc ps readlink rm rmdir screen sed ' +
    'sleep sort stat stty su sudo sysctl tail tee tmux touch tput tr tset tty uname uniq uptime w wc which who ' +
    'whoami xargs ec_console ecelerity'
  ).split(' '),
);

/** A program of the system, which nobody makes a function of that sets a mask. */
export function isWellKnown(name: string): boolean {
  return WELL_KNOWN.has(name);
}

const ACTING =
  /^(umask|\.|source|eval|exec|command|builtin|test|\[|true|false|return|exit|trap|set|alias|enable)$/;

/** Whether an alias stands for a plain program with options, so that it is none of this shell's own commands. */
export function isHarmlessAlias(name: string, value: string | null): boolean {
  if (value === null || ACTING.test(name)) return false;
  const [first = ''] = value.split(' ');
  return /^[\w./:,=+@%~ -]+$/.test(value) && !/=/.test(first) && !ACTING.test(first) && first !== '';
}
