package dev

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// steps are commands for another terminal; the words in capitals between @ are filled in.
//
//go:embed steps.sh
var steps string

// banner says that the API is up, and what to paste to see it work.
func banner(w io.Writer, address, dir string, named bool, took time.Duration) {
	self, err := os.Executable()
	if err != nil {
		self = "data-api"
	}

	flag := ""
	if named {
		flag = " --state-dir " + quote(dir)
	}

	fmt.Fprintf(w, `
ProvenanceOne Data API is up (%s).

  GraphQL    http://%s/graphql
  REST       http://%s/openapi.json says what there is
  Console    http://%s/console
  Playground http://%s/playground
  Workspaces acme, globex (each with an admin, an editor and a viewer)
  Sign in    %s login --api http://%s
  State      %s (forget it: make reset)
  Log        %s/data-api.log

Paste into another terminal:

`, took.Round(10*time.Millisecond), address, address, address, address, quote(self), address, dir, dir)
	fmt.Fprintln(w, strings.NewReplacer("@DATA_API@", quote(self), "@STATE_DIR@", flag).Replace(steps))
	fmt.Fprintln(w, "^C stops everything.")
}
