#!/usr/bin/env bash
# With CI=true, makes sure that there is a promtool to check the alert rules with; elsewhere its test says that it is skipped.
set -euo pipefail
command -v promtool >/dev/null && exit 0
if [ "${CI:-}" != true ]; then
	echo "There is no promtool here (apt-get install prometheus): its test is skipped."
	exit 0
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "promtool is not installed: apt-get install prometheus"; exit 1; }
echo "Installing promtool…"
apt-get update -qq || true # an older list of packages may do
# Unpacked and not installed: the package would start a server.
cd "$(mktemp -d)" && apt-get download -qq prometheus >/dev/null && dpkg-deb -x prometheus_*.deb . && install -m 755 usr/bin/promtool /usr/local/bin/
