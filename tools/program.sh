#!/usr/bin/env bash
# With CI=true, makes sure that a program is there that tests need; elsewhere says that they are skipped: tools/program.sh PROGRAM PACKAGE [unpack].
# With `unpack`, Debian's package is unpacked and not installed: it would start a server.
set -euo pipefail
program=$1 package=$2
command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] && exit 0
if [ "${CI:-}" != true ]; then
	echo "There is no $program here (apt-get install $package): its tests are skipped."
	exit 0
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "$program is not installed: apt-get install $package"; exit 1; }
echo "Installing $program…"
apt-get update -qq || true # an older list of packages may do
if [ "${3:-}" = unpack ]; then
	cd "$(mktemp -d)" && apt-get download -qq "$package" >/dev/null && dpkg-deb -x "$package"_*.deb . &&
		install -m 755 "usr/bin/$program" /usr/local/bin/
else
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
fi
