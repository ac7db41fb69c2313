#!/bin/sh
# A stand-in Momentum node (a test part, not Momentum) and the agent that looks after it. The first start lays the node's tree
# and enrols the agent; later ones start what is there. Runs with and without Docker.
#
#   STANDIN_HOME      folder of the tree and of the agent's state
#   STANDIN_NAME      the node's host name
#   STANDIN_FAULTS    what is wrong with it: "all", or names divided by blanks
#   STANDIN_FORM      real (Apache, PostgreSQL, Postfix and Subversion of Debian, as root) or doubles
#   STANDIN_PORTS     SERVICE=PORT divided by blanks; those not named are chosen free
#   ENTRY_SERVER      the server's agents' port
#   ENTRY_ENROLMENT   folder with the file "token"
set -eu
umask 022

repository=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
: "${STANDIN_HOME:=/srv/standin}"
: "${STANDIN_NAME:=mta1.example.com}"
: "${STANDIN_FAULTS:=all}"
: "${STANDIN_FORM:=real}"
: "${STANDIN_PORTS:=}"
: "${ENTRY_SERVER:=https://server:8443}"
: "${ENTRY_ENROLMENT:=/var/lib/castellan-enrolment}"
: "${ENTRY_WAIT_SECONDS:=120}"
tree=$STANDIN_HOME/tree
own=$STANDIN_HOME/agent
agent=$repository/packages/agent/bin/castellan-agent.js
agent_pid=

# A tree that was laid by half is laid anew.
lay() {
  rm -rf "$tree"
  set -- "$tree" --name "$STANDIN_NAME"
  [ "$STANDIN_FORM" = doubles ] || set -- "$@" --real
  if [ "$STANDIN_FAULTS" = all ]; then
    set -- "$@" --all-faults
  else
    for fault in $STANDIN_FAULTS; do set -- "$@" --fault "$fault"; done
  fi
  for port in $STANDIN_PORTS; do set -- "$@" --port "$port"; done
  node "$repository/test/standin/dist/lay/main.js" "$@"
  : >"$STANDIN_HOME/laid"
}

# When process 1 is another than last time, this is a host (or container) that was started anew: no process of before lives,
# and the numbers in its pid files may be somebody else's by now.
forget_dead_processes() {
  [ -r /proc/1/stat ] || return 0
  life="$(cat /proc/sys/kernel/random/boot_id) $(sed 's/.*) //' /proc/1/stat | cut -d ' ' -f 20)"
  [ "$life" = "$(cat "$STANDIN_HOME/life" 2>/dev/null)" ] ||
    rm -f "$tree"/var/run/standin/*.pid "$tree/var/db/msyspg/postmaster.pid"
  printf '%s\n' "$life" >"$STANDIN_HOME/life"
}

start_services() {
  for service in msyspg ecconfigd ecelerity ecwebconsole; do "$tree/etc/init.d/$service" start; done
}

stop_services() {
  for service in ecwebconsole ecelerity ecconfigd msyspg; do
    [ ! -x "$tree/etc/init.d/$service" ] || "$tree/etc/init.d/$service" stop || :
  done
}

write_settings() {
  cat >"$own/agent.yaml" <<SETTINGS
version: 1
root: "$tree"
live: true
state: "$own/state"
name: "$STANDIN_NAME"
auditOnlyFile: "$own/audit-only"
allow: [certificate-renew, permissions-repair, key-permissions, tls-protocols, securecreds-enable]
SETTINGS
}

# Waits for the token and for the server. Whatever else keeps the node out, waiting would not help.
enrol() {
  waited=0
  while :; do
    code=7
    if [ -s "$ENTRY_ENROLMENT/token" ]; then
      node "$agent" enroll --server "$ENTRY_SERVER" --token-file "$ENTRY_ENROLMENT/token" && return
      code=$?
    fi
    [ "$code" -eq 7 ] || exit "$code"
    if [ "$waited" -ge "$ENTRY_WAIT_SECONDS" ]; then
      printf 'Not enrolled after %s s: no token in %s, or no server at %s\n' \
        "$waited" "$ENTRY_ENROLMENT" "$ENTRY_SERVER" >&2
      exit 7
    fi
    sleep 1
    waited=$((waited + 1))
  done
}

finish() {
  code=$?
  trap - EXIT
  [ -z "$agent_pid" ] || kill -TERM "$agent_pid" 2>/dev/null || :
  [ -z "$agent_pid" ] || wait "$agent_pid" || :
  rm -f "$own/pid"
  stop_services
  exit "$code"
}

mkdir -p "$own"
chmod 700 "$own"
rm -f "$own/pid"
[ -e "$STANDIN_HOME/laid" ] || lay
trap finish EXIT
trap 'exit 0' TERM INT
forget_dead_processes
start_services
write_settings
export CASTELLAN_CONFIG="$own/agent.yaml"
[ -s "$own/state/identity/node.json" ] || enrol

node "$agent" run &
agent_pid=$!
printf '%s\n' "$agent_pid" >"$own/pid"
wait "$agent_pid"
