#!/usr/bin/env bash
# Makes sure that there is a Postgres to run: installs Debian's where that can be done; elsewhere the program fetches one itself.
# With CI=true it is the newest that Debian has, so that tests run on what users install today.
set -euo pipefail
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
if ! { [ "${CI:-}" = true ] && can_install; }; then
	command -v postgres >/dev/null && exit 0
	compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && exit 0
	can_install || exit 0
fi
echo "Installing Postgres…"
apt-get update -qq || command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
# The metapackage alone would leave what it depends on at an older minor release.
server=$(apt-cache depends --important postgresql | sed -n 's/^ *Depends: \(postgresql-[0-9]*\)$/\1/p')
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql ${server:+"$server" "${server/sql-/sql-client-}"} >/dev/null
