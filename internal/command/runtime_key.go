package command

import (
	"fmt"

	"github.com/provenanceone/data-api/client/runtime"
)

type runtimeKeyCommand struct {
	New newRuntimeKeyCommand `cmd:"" help:"Make a key pair for a workflow runtime."`
}

type newRuntimeKeyCommand struct {
	File string `arg:"" type:"path" placeholder:"FILE" help:"Where to put the private key; there must be no such file."`
}

// Run writes the private key to a file, and prints the public one.
func (c newRuntimeKeyCommand) Run(s streams) error {
	key, err := runtime.NewKey()
	if err != nil {
		return err
	}

	if err := key.Save(c.File); err != nil {
		return err
	}

	fmt.Fprintf(s.err, "The private key is in %s; keep it where the runtime runs. An admin registers the public one "+
		"by addRuntimeKey:\n", c.File)
	_, err = fmt.Fprintln(s.out, key.Public())
	return err
}
