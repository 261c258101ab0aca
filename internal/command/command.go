// Package command has the subcommands of the program data-api, one file each.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/fault"
)

// Server runs the API until ctx ends, the same code for `serve` and `dev`. It calls ready once it listens.
type Server func(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) error

type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run the API."`
	Doctor     doctorCommand     `cmd:"" help:"Check all that serve depends on, and say how to mend what is wrong."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to the newest schema."`
	Embedded   embedded          `embed:""`
	Reconcile  reconcileCommand  `cmd:"" help:"Compare Secret Manager and the buckets with the database, and destroy what no row has known for a day."`
	Workspaces workspacesCommand `cmd:"" help:"What operators do with workspaces."`
	People     peopleCommand     `cmd:"" help:"What operators do with what is known of people."`
	Login      loginCommand      `cmd:"" help:"Sign in, in a browser."`
	Logout     logoutCommand     `cmd:"" help:"Sign out: forget the tokens, and end the session at the issuer."`
	Whoami     whoamiCommand     `cmd:"" help:"Say who is signed in, in which workspace, and until when."`
	Exec       execCommand       `cmd:"" help:"Run a command with secrets in its environment, and none in its output."`
	RuntimeKey runtimeKeyCommand `cmd:"" name:"runtime-key" help:"The key of a workflow runtime."`
	Version    versionCommand    `cmd:"" help:"Say which version this is."`
}

// streams are where a command writes: results to out, everything else to err.
type streams struct {
	out, err io.Writer
}

// Run runs the command that the arguments name, and returns the exit code.
func Run(args []string, serve Server) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once

	var root commands
	out := streams{out: os.Stdout, err: os.Stderr}
	parser, err := newParser(&root, kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(serve, out), bindEmbedded(serve, out), kong.Exit(func(code int) {
			if code != 0 {
				code = failureCode(args, code)
			}

			os.Exit(code)
		}))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}

	chosen, err := parser.Parse(args)
	parser.FatalIfErrorf(err)
	err = chosen.Run()
	if code := exitError(0); errors.As(err, &code) {
		return int(code)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "data-api: "+sentence(err))
		var unable startError
		if errors.As(err, &unable) {
			return unable.code
		}

		return failureCode(args, 1)
	}

	return 0
}

// newParser gives each flag the variable of its name, unless it has another one or `env:"-"`.
func newParser(root *commands, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(root, append(more, kong.Name("data-api"),
		kong.Description("The data plane of ProvenanceOne: datastores and secrets, by GraphQL."),
		kong.DefaultEnvars("DATA_API"), kong.Resolvers(kong.ResolverFunc(resolveFromFile)),
		kong.Vars{"api_url": apiURL()})...)
}

// apiURL is the address of the API, for commands that call it: the variable that `dev env` prints, else the default of
// `dev`.
func apiURL() string {
	return cmp.Or(strings.TrimRight(os.Getenv("DATA_API_URL"), "/"), "http://127.0.0.1:8080")
}

// sentence is what a person should read of an error: each fault's own sentence, and its cause. Servers have written
// parts of it.
func sentence(err error) string {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		var lines []string
		for _, one := range many.Unwrap() {
			lines = append(lines, sentence(one))
		}

		return strings.Join(lines, "\n          ")
	}

	var known *fault.Error
	if !errors.As(err, &known) {
		return visible(err.Error())
	}

	if cause := errors.Unwrap(known); cause != nil {
		return visible(known.Say + " (" + cause.Error() + ")")
	}

	return visible(known.Say)
}
