//go:build dev

package command

import (
	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/dev"
)

// embedded are the commands on embedded backends.
type embedded struct {
	Dev      dev.Command         `cmd:"" help:"Run everything on this machine: embedded backends, a demo workspace, and the API."`
	Backends dev.BackendsCommand `cmd:"" help:"Run the embedded backends alone, for servers in other processes."`
}

// bindEmbedded hands these commands what their Run methods take.
func bindEmbedded(serve Server, s streams) kong.Option {
	return kong.Bind(dev.Server(serve), dev.Streams{Out: s.out, Err: s.err})
}
