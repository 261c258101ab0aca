#!/usr/bin/env bash
# Prints the notes of a release, v1.2.3, from the changelog; --date prints when it was released. Fails for a version that is not there.
set -euo pipefail
[ "${1:-}" = --date ] && { what=date; shift; } || what=notes
version=${1:-} changelog=${2:-$(dirname "$0")/../CHANGELOG.md}
[[ "$version" =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || { echo "say which version: make release VERSION=v1.2.3" >&2; exit 1; }
heading=$(grep -E "^## \[${version#v}\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" "$changelog" | head -n1) || {
	echo "CHANGELOG.md has no '## [${version#v}] - YEAR-MONTH-DAY': write it in place of Unreleased, and begin that anew above" >&2
	exit 1
}
[ "$what" = notes ] || { echo "${heading##* }"; exit 0; }
awk -v heading="$heading" '$0 == heading { in_it = 1; next } /^## / { in_it = 0 } in_it { if (NF) begun = 1; if (begun) print }' "$changelog"
