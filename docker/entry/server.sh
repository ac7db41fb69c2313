#!/bin/sh
# Starts the server. The first start also makes what a fleet needs to begin by itself: an admin, an enrolment token for the
# nodes and a webhook target. Each is made once; a mark in the data folder says so. Runs with and without Docker.
#
#   CASTELLAN_...             the server's own settings ("castellan-server config print --origin")
#   ENTRY_ADMIN_PASSWORD_FILE file with the admin's password; unset: one is made and printed once
#   ENTRY_ENROLMENT           folder that the nodes read the token from
#   ENTRY_NODES               how many nodes may enrol with it
#   ENTRY_PAGING              folder that the receiver reads the webhook's secret from
#   ENTRY_WEBHOOK_URL         where pages go; unset: nowhere
set -eu
umask 077

repository=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
: "${CASTELLAN_DATA:=/var/lib/castellan-server}"
: "${ENTRY_ENROLMENT:=/var/lib/castellan-enrolment}"
: "${ENTRY_PAGING:=/var/lib/castellan-paging}"
: "${ENTRY_NODES:=2}"
export CASTELLAN_DATA
marks=$CASTELLAN_DATA/first-start
mkdir -p "$marks" "$ENTRY_ENROLMENT" "$ENTRY_PAGING"

server() {
  node "$repository/packages/server/bin/castellan-server.js" "$@"
}

# Whoever reads a file while it is written must not see half of it.
keep() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

random() {
  node -e 'process.stdout.write(require("node:crypto").randomBytes(32).toString(process.argv[1]))' "$1"
}

# Makes something. That a start which was cut off has made it already is no fault.
make() {
  said=$(server "$@" 2>&1) && return
  case $said in
    *CAS_CONFLICT*) ;;
    *)
      printf '%s\n' "$said" >&2
      exit 1
      ;;
  esac
}

make_admin() {
  password=$marks/admin.password
  if [ -n "${ENTRY_ADMIN_PASSWORD_FILE:-}" ]; then
    make user create admin --role admin --password-file "$ENTRY_ADMIN_PASSWORD_FILE"
  else
    [ -s "$password" ] || random base64url | keep "$password"
    make user create admin --role admin --password-file "$password"
    printf 'Sign in as admin with the password %s (it is printed this once)\n' "$(cat "$password")"
  fi
  : >"$marks/admin"
  rm -f "$password"
}

make_target() {
  secret=$ENTRY_PAGING/secret
  [ -s "$secret" ] || printf 'whsec_%s\n' "$(random base64)" | keep "$secret"
  make target create on-call --url "$ENTRY_WEBHOOK_URL" --secret-file "$secret"
  : >"$marks/target"
}

[ -e "$marks/admin" ] || make_admin
[ -e "$marks/target" ] || [ -z "${ENTRY_WEBHOOK_URL:-}" ] || make_target
# To let another node in: remove the file, start again.
if [ ! -s "$ENTRY_ENROLMENT/token" ]; then
  token=$(server token create --group demo --ttl 1d --uses "$ENTRY_NODES")
  printf '%s\n' "$token" | keep "$ENTRY_ENROLMENT/token"
fi

printf 'The console: %s\n' \
  "${CASTELLAN_PEOPLE_URL:-http://${CASTELLAN_PEOPLE_HOST:-127.0.0.1}:${CASTELLAN_PEOPLE_PORT:-8080}}"
exec node "$repository/packages/server/bin/castellan-server.js" serve
