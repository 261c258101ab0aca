#!/usr/bin/env bash
# With CI=true, makes sure that there is a PgBouncer to hold the server against; elsewhere its tests say that they are skipped.
set -euo pipefail
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] && exit 0
if [ "${CI:-}" != true ]; then
	echo "There is no PgBouncer here (apt-get install pgbouncer): its tests are skipped."
	exit 0
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "PgBouncer is not installed: apt-get install pgbouncer"; exit 1; }
echo "Installing PgBouncer…"
apt-get update -qq || true # an older list of packages may do
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends pgbouncer >/dev/null
