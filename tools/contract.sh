#!/usr/bin/env bash
# Lints the contract, schema.graphql, and refuses a change that breaks clients of the released one, unless CHANGELOG.md names it.
set -euo pipefail
cd "$(dirname "$0")/contract"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "There is no Node.js or npm here: the contract is neither linted nor compared with the released one."
	[ "${CI:-}" != true ]
	exit
fi
# npm writes this file last, so that it is newer than the lock that it installed.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cd ../..
bin=tools/contract/node_modules/.bin
"$bin/eslint" --config tools/contract/eslint.config.mjs --max-warnings 0 schema.graphql
"$bin/graphql-schema-linter" --config-directory tools/contract schema.graphql
node --test --test-reporter=dot tools/contract/breaking.test.mjs
node tools/contract/breaking.mjs schema/released.graphql schema.graphql CHANGELOG.md
