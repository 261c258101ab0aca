#!/usr/bin/env bash
# Makes sure that there is a Postgres to run: installs Debian's where that can be done; elsewhere the program fetches one itself.
set -euo pipefail
command -v postgres >/dev/null && exit 0
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "Installing Postgres…"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
exit 0
