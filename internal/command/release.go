//go:build !dev

package command

import (
	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/fault"
)

// embedded are the commands on embedded backends, which a release does not link: each says how to get them.
type embedded struct {
	Dev      absentCommand `cmd:"" hidden:"" passthrough:""`
	Backends absentCommand `cmd:"" hidden:"" passthrough:""`
}

func bindEmbedded(Server, streams) kong.Option { return kong.Bind() }

// absentCommand stands for a command of the development build, with whatever arguments.
type absentCommand struct {
	Arguments []string `arg:"" optional:""`
}

// Run says how to get the command.
func (absentCommand) Run() error {
	return fault.New(fault.Unavailable, "This binary was built without the embedded backends that `dev` and "+
		"`backends` "+
		"run: build one that has them with `make build`, or `go build -tags dev`.")
}
