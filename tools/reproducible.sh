#!/usr/bin/env bash
# Builds a release of what is committed twice, in two places, the second time with nothing compiled before, and compares all bytes. For this
# machine's platform alone, unless PLATFORMS says otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."
export PLATFORMS=${PLATFORMS:-$(go env GOHOSTOS)/$(go env GOHOSTARCH)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for place in one "another/place"; do
	mkdir -p "$work/$place"
	git archive HEAD | tar -x -C "$work/$place"
	sed -i.bak 's/^## \[Unreleased\]$/## [0.0.0] - 2000-01-01/' "$work/$place/CHANGELOG.md"
	"$work/$place/tools/release.sh" v0.0.0
	umask 077
	export GOCACHE=$work/cache
done
diff -r "$work/one/bin/release" "$work/another/place/bin/release"
echo "Both are the same: $(cd "$work/one/bin/release" && echo *)"
