#!/usr/bin/env bash
# Installs the packages that the console, the playground, client/ts and the example of a page are built and tested with, and
# builds client/ts.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "There is no Node.js or npm here: the console, the playground, client/ts and examples/apollo are neither built nor tested."
	[ "${CI:-}" != true ]
	exit
fi
for folder in web client/ts examples/apollo; do
	# npm writes this file last, so that it is newer than the lock that it installed.
	[ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] || (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
done
# The example is made of the client as it is here, and the tests run it. The contract may have changed since.
(cd client/ts && npm run --silent generate -- --silent && npm run --silent build)
