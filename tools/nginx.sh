#!/usr/bin/env bash
# With CI=true, makes sure that there is an nginx to put in front of servers; elsewhere its tests say that they are skipped.
set -euo pipefail
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] && exit 0
if [ "${CI:-}" != true ]; then
	echo "There is no nginx here (apt-get install nginx-light): its tests are skipped."
	exit 0
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "nginx is not installed: apt-get install nginx-light"; exit 1; }
echo "Installing nginx…"
apt-get update -qq || true # an older list of packages may do
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null
