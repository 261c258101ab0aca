#!/usr/bin/env bash
# Makes sure that the packages are there that build the playground and the example of a page, and test them in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "There is no Node.js or npm here: the playground and examples/apollo are neither built nor tested in a browser."
	[ "${CI:-}" != true ]
	exit
fi
for folder in console examples/apollo; do
	# npm writes this file last, so that it is newer than the lock that it installed.
	[ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] || (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
done
