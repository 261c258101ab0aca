#!/usr/bin/env bash
# Makes sure that the packages are there that build the playground and test it in a browser.
set -euo pipefail
cd "$(dirname "$0")/../console"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "There is no Node.js or npm here: the playground is neither built nor tested in a browser."
	[ "${CI:-}" != true ]
	exit
fi
# npm writes this file last, so that it is newer than the lock that it installed.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund
