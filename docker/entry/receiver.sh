#!/bin/sh
# Starts the receiver of pages as soon as the server has written the secret that they are signed with.
# Runs with and without Docker.
#
#   ENTRY_PAGING          folder with the file "secret"
#   RECEIVER_HOST, _PORT  where it listens
set -eu

repository=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
: "${ENTRY_PAGING:=/var/lib/castellan-paging}"
: "${ENTRY_WAIT_SECONDS:=120}"

waited=0
until [ -s "$ENTRY_PAGING/secret" ]; do
  if [ "$waited" -ge "$ENTRY_WAIT_SECONDS" ]; then
    printf 'There is no %s after %s s: does the server run, and is ENTRY_WEBHOOK_URL set for it?\n' \
      "$ENTRY_PAGING/secret" "$waited" >&2
    exit 1
  fi
  sleep 1
  waited=$((waited + 1))
done

exec node "$repository/test/standin/dist/demo/receiver-main.js" --secret-file "$ENTRY_PAGING/secret" \
  --host "${RECEIVER_HOST:-127.0.0.1}" --port "${RECEIVER_PORT:-9000}"
