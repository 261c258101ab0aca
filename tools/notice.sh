#!/usr/bin/env bash
# Prints NOTICE: the licence of every Go module that is linked into the binary with the embedded backends, each distinct text once.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C # the order of lines must not depend on whose machine this is
modules=$(GOOS=linux GOARCH=amd64 go list -deps -tags dev -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . | sort -u)
texts=$(mktemp -d)
trap 'rm -rf "$texts"' EXIT
while read -r path version dir; do
	found=no
	for file in $(find "$dir" -maxdepth 1 -type f -iregex '.*/\(licen[sc]e\|copying\|notice\).*' | sort); do
		found=yes
		hash=$(tr -d '\r' <"$file" | sha256sum | cut -d' ' -f1)
		tr -d '\r' <"$file" >"$texts/$hash.text"
		echo "- $path $version ($(basename "$file"))" >>"$texts/$hash.modules"
	done
	[ "$found" = yes ] || { echo "$path $version has no licence file" >&2; exit 1; }
done <<<"$modules"
cat <<'TEXT'
ProvenanceOne Data API
Copyright ProvenanceOne

Licensed under the Apache License, Version 2.0: see LICENSE.

The binary contains the Go standard library (https://go.dev/LICENSE) and the modules below, each under the text that follows it; a release
contains fewer of them, for it has no embedded backends. What the
playground is made of, and under which licences, it says itself: /playground/licenses.md. `make generate` writes this file.
TEXT
# In the order of the first module that has each text.
grep -H -m1 '' "$texts"/*.modules | sed 's/\.modules:/ /' | sort -k3,4 | while read -r base _; do
	printf '\n%s\n\n' '--------------------------------------------------------------------------------'
	cat "$base.modules"
	echo
	cat "$base.text"
done
