#!/usr/bin/env bash
# Builds a release that CHANGELOG.md has: tools/release.sh v1.2.3 [FOLDER]. In the folder, bin/release, are then data-api for this machine;
# for each platform an archive and its CycloneDX SBOM; the notes, and the checksums. The same source and Go give the same archives anywhere.
# It takes GNU tar and coreutils.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-} out=${2:-bin/release}
date=$(tools/notes.sh --date "$version")
export CGO_ENABLED=0 LC_ALL=C GOFLAGS=
unset GOAMD64 GOARM64 GOEXPERIMENT GOOS GOARCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ ! -e .git ] || git diff --quiet HEAD -- || { echo "Something here is not committed: a release is of a commit." >&2; exit 1; }
[ "$out" != bin/release ] || rm -rf bin/release
mkdir -p "$(dirname "$out")"
mkdir "$out"
tools/notes.sh "$version" >"$out/NOTES.md"
for platform in ${PLATFORMS:-linux/amd64 linux/arm64 darwin/arm64}; do
	name=data-api-$version-${platform/\//-}
	echo "Building $name…"
	mkdir "$work/$name"
	GOOS=${platform%/*} GOARCH=${platform#*/} go build -trimpath -buildvcs=false \
		-ldflags "-X github.com/provenanceone/data-api/internal/command.version=$version" -o "$work/$name/data-api" .
	cp LICENSE NOTICE "$work/$name"
	go tool -modfile=tools/go.mod cyclonedx-gomod bin -json -std -noserial -notimestamp -version "$version" \
		-output "$out/$name.cdx.json" "$work/$name/data-api" 2>"$work/sbom.log" || { cat "$work/sbom.log" >&2; exit 1; }
	tar --sort=name --mtime="$date 00:00Z" --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w,go-w -C "$work" -cf - "$name" |
		gzip -9n >"$out/$name.tar.gz"
	[ "$platform" != "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" ] || cp "$work/$name/data-api" "$out/data-api"
done
(cd "$out" && sha256sum -- *.tar.gz *.cdx.json NOTES.md >SHA256SUMS)
