# castellan-look: the far side where a node has no Perl (docs/beside.md). It only looks, and writes nothing.
#
# POSIX sh, with stat -c, readlink, od, find and dd of GNU or busybox. It is sent along with the session and stays in memory.
# It knows no paths: folders are entered a name at a time, and whoever asks compares each with what it was seen to be before
# anything about it is believed.
#
# In: lines of words. A word is `=` and the bytes it stands for; all but letters, digits, `.`, `_`, `-`, `/` and `+` are
# `\0ooo`. No word is ever part of the text of a program: it is data to the end. Out: the marker; then lines. What a file, a
# name, a link or a program says goes out as hex by od, on lines that begin with a blank, and so can be no other line. Each
# request ends with `z NUMBER`.
umask 077
set -f
IFS=' '
F='%f %u %g %s %Y %Z %d %i %h'
# Coreutils of a later day tell microseconds.
case $(stat -c '%.6Y' / 2>/dev/null) in
*.??????) F='%f %u %g %s %.6Y %.6Z %d %i %h' ;;
esac
IDLE_S=300

hex() { od -An -v -tx1 "$@" >&3; }
# At most so many bytes of what a program says; the rest is taken and dropped, so that it is not stopped by us.
capped() {
  od -An -v -tx1 -N "$1"
  cat >/dev/null
}
# A line is written at once, so that two streams never meet within one.
tag() {
  while read -r l; do printf '%s %s\n' "$1" "$l" >&3; done
}
say() { printf '%s\n' "$*" >&3; }
# D: the bytes of a word.
un() {
  D=${1#=}
  case $D in
  *\\*)
    D=$(printf '%bx' "$D")
    D=${D%x}
    ;;
  esac
}
# C: the system's word for what a program said last.
code() {
  case ${1##*: } in
  'No such file or directory') C=ENOENT ;;
  'Permission denied') C=EACCES ;;
  'Operation not permitted') C=EPERM ;;
  'Not a directory') C=ENOTDIR ;;
  'Too many levels of symbolic links') C=ELOOP ;;
  'File name too long') C=ENAMETOOLONG ;;
  'Input/output error') C=EIO ;;
  *) C=EUNKNOWN ;;
  esac
}

# Goes into the folder of this name; C: why not. Where we are then is seen by the look at `.` that follows.
enter() {
  un "$1"
  if [ -h "./$D" ]; then C=ESTALE
  elif cd -P "./$D" 2>/dev/null; then C=
  elif [ -d "./$D" ] && [ ! -x "./$D" ]; then C=EACCES
  else C=ESTALE
  fi
}

# Names in this folder: the folder itself, each, and where links among them lead.
stats() {
  for w do
    un "$w"
    shift
    set -- "$@" "./$D"
  done
  if o=$(stat -c "$F" . "$@" 2>/dev/null); then
    say "$o"
  else
    for n in . "$@"; do
      if o=$(stat -c "$F" "$n" 2>&1); then say "$o"; else
        code "$o"
        say "!$C"
      fi
    done
  fi
  i=0
  for n do
    i=$((i + 1))
    if [ -h "$n" ]; then
      say "l$i"
      readlink "$n" 2>/dev/null | hex
    fi
  done
}

# At most so many bytes of a file, between two looks at what was opened.
content() {
  un "$2"
  if [ -h "./$D" ] || [ ! -f "./$D" ]; then say '!ESTALE'
  elif [ ! -r "./$D" ]; then say '!EACCES'
  else
    (
      exec 4<"./$D" || exit
      stat -L -c "$F" /dev/fd/4 >&3 || exit
      hex -N "$1" <&4 || exit
      say -
      stat -L -c "$F" /dev/fd/4 >&3 || exit
    ) 2>/dev/null || say '!EIO'
  fi
}

# Every name begins with `./`, so that what find ended with can be told from them.
names() {
  stat -c "$F" . >&3 2>/dev/null
  if [ ! -r . ]; then say '!EACCES'; else
    {
      find . ! -name . -prune -print0 2>/dev/null
      printf '/%s' "$?"
    } | hex -N "$1"
  fi
}

# Everything below this folder. `.//` stands before each path, and can stand in none.
below() {
  stat -c "$F" . >&3 2>/dev/null
  {
    {
      if [ "$T_WALK" = printf ]; then
        find .// -maxdepth "$1" -printf '%y%m %U %G %s %T@ %C@ %D %i %n .//%P\n' 2>&4
      else
        find .// -maxdepth "$1" -exec stat -c "$F %n" {} + 2>&4
      fi
    } | hex -N "$2"
  } 4>&1 | {
    seen=
    while read -r l; do
      code "$l"
      case " $seen " in *" $C "*) ;; *) seen="$seen $C" ;; esac
    done
    IFS=' '
    for C in $seen; do say "!$C"; done
  }
}

# Access lists of names in this folder, in their order, without the names.
lists() {
  for w do
    un "$w"
    shift
    set -- "$@" "./$D"
  done
  stat -c "$F" . >&3 2>/dev/null
  if [ "$T_ACL" = getfacl ]; then
    {
      getfacl --access --numeric --absolute-names --omit-header -P "$@" 2>/dev/null
      printf '/%s' "$?"
    } | hex
  else
    ls -ldnqU "$@" 2>/dev/null | cut -c1-11 | hex
  fi
}

# Bytes kept of each stream, seconds, what it is given, how many NAME=VALUE follow, those, the program, its arguments.
run() {
  max=$1 seconds=$2 vars=$4
  un "$3"
  given=$D
  shift 4
  i=0
  for w do
    un "$w"
    shift
    set -- "$@" "$D"
    [ "$i" -eq "$vars" ] && program=$D
    i=$((i + 1))
  done
  if [ ! -f "$program" ]; then say '!ENOENT'
  elif [ ! -x "$program" ]; then say '!EACCES'
  else
    # 6: what it says to stderr; 9: how it ended.
    ended=$({ { printf '%s' "$given" | timed "$@" 2>&6 6>&- | capped "$max" | tag o; } 6>&1 | capped "$max" | tag e; } 9>&1)
    say "s$ended"
  fi
}
timed() {
  exec 7<&0
  umask 022
  cd /
  env -i "$@" <&7 3>&- 5<&- 7<&- 9>&- &
  p=$!
  (
    trap 'kill "$z"; exit' TERM
    sleep "$seconds" &
    z=$!
    wait "$z"
    kill "$p"
    sleep 2
    kill -9 "$p"
  ) </dev/null >/dev/null 2>&1 3>&- 5<&- 7<&- 9>&- &
  t=$!
  wait "$p" 2>/dev/null
  printf '%s\n' "$?" >&9
  kill "$t" 2>/dev/null
}

# Of each process that has a program: number, the program; users and mask, the arguments. Two programs of ours for each of
# them: so many, or so many seconds.
processes() {
  max=$1 seconds=$2 n=0
  until=$(($(date +%s) + seconds))
  set +f
  for d in /proc/[0-9]*; do
    set -f
    n=$((n + 1))
    if [ "$n" -gt "$max" ] || { [ "${n%0}" != "$n" ] && [ "$(date +%s)" -gt "$until" ]; }; then
      say '!EMANY'
      break
    fi
    # Threads of the kernel have none.
    [ -e "$d/exe" ] || continue
    say "p${d#/proc/}"
    readlink "$d/exe" 2>/dev/null | hex
    users= mask=
    while read -r l; do
      case $l in
      Uid:*) users=${l#Uid:} ;;
      Umask:*) mask=${l#Umask:} ;;
      esac
    done 2>/dev/null <"$d/status"
    say "u$users m$mask"
    od -An -v -tx1 -N 4096 "$d/cmdline" 2>/dev/null >&3
  done
  set -f
}

# What there is here, and what is missing.
hello() {
  say "h 1 ${#T} $(id -u) $(date +%s) $(id -G)"
  uname -srm | hex
  for t in stat readlink od find dd env id cut; do
    command -v "$t" >/dev/null 2>&1 || say "m$t"
  done
  case $(stat -c '%f %d' / 2>/dev/null) in
  4[0-9a-f]*' '[0-9]*) ;;
  *) say 'mstat -c' ;;
  esac
  [ "$(printf 'A' | od -An -v -tx1 -N 2 2>/dev/null)" = ' 41' ] || say 'mod -t'
  stat -L -c %d /dev/fd/4 4</ >/dev/null 2>&1 || say 'm/dev/fd'
  find / -maxdepth 0 -name / -prune -print0 >/dev/null 2>&1 || say 'mfind -print0'
  case $(find / -maxdepth 0 -printf '%y%m %D %T@' 2>/dev/null) in
  d*' '*' '[0-9]*) T_WALK=printf ;;
  *) T_WALK=stat ;;
  esac
  if getfacl --access --numeric --absolute-names --omit-header -P / >/dev/null 2>&1; then T_ACL=getfacl
  else
    case $(ls --version 2>/dev/null) in
    *coreutils*) T_ACL=ls ;;
    *) T_ACL=none ;;
    esac
  fi
  case $F in *.6Y*) T_TIMES=fine ;; *) T_TIMES=whole ;; esac
  say "t$T_WALK $T_ACL $T_TIMES"
  # What the kernel makes looks like files, and reading it can be an act.
  while read -r _ at type _; do
    case $type in
    proc | sysfs | debugfs | tracefs | cgroup | cgroup2 | securityfs | bpf | configfs | pstore | efivarfs)
      o=$(stat -c %d "$at" 2>/dev/null) && say "k$o"
      ;;
    esac
  done 2>/dev/null </proc/mounts
}

# kind, number, how many names lead to the folder, those, what else the request is about
work() {
  say "$M"
  hello
  say 'z 0'
  while read -r kind number depth rest <&5; do
    [ "$kind" = q ] && break
    # Somebody is there.
    if [ "$kind" = k ]; then
      kill -USR1 "$$"
      continue
    fi
    set -- $rest
    C=
    cd / || C=ESTALE
    while [ "$depth" -gt 0 ]; do
      [ "$C" ] || enter "$1"
      shift
      depth=$((depth - 1))
    done
    if [ "$C" ]; then say "!$C"; else
      case $kind in
      s) stats "$@" ;;
      r) content "$@" ;;
      n) names "$@" ;;
      w) below "$@" ;;
      a) lists "$@" ;;
      e) run "$@" ;;
      p) processes "$@" ;;
      esac
    fi
    say "z $number"
  done
  [ "$kind" = q ] && say g
}

exec 3>&1 5<&0 1>&2 0</dev/null
trap 'n=1' USR1
trap 'kill "$s" 2>/dev/null; exit 0' TERM
{
  work
  kill -TERM "$$"
} &
exec >/dev/null 2>&1 3>&- 5<&-
# Whoever hears nothing for so long is alone: everything of this session ends, and what hangs too.
while :; do
  n=
  sleep "$IDLE_S" &
  s=$!
  wait "$s"
  kill "$s" 2>/dev/null
  [ "$n" ] || break
done
kill -9 0
