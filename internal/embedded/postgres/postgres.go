// Package postgres runs a private Postgres as a child process: what `dev` mode and the tests stand on.
//
// The choices behind it:
//   - It listens on a Unix socket only, in a directory that only its own account may enter. Whoever connects is known
//     by operating system account (peer authentication and an ident map), so there is no password to keep, print or
//     leak.
//   - The server is tied to this process: it shuts down fast and cleanly when this process ends, however that happens.
//   - Postgres refuses to run as root. Started by root it runs as postgres or, lacking that account, as nobody.
//   - Its configuration is written anew at each start, beside the data; what initdb wrote into the data directory is
//     not read. - Its log never holds a value: neither statements, nor parameters, nor the errors of statements.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"sync"
	"time"
)

// The roles and the database that every cluster has. None has a password; all connect over the socket.
const (
	// Superuser makes databases and roles; initdb's own role.
	Superuser = "data_api_super"
	// Owner owns the database, and by it the tables; migrations run as it. It is no superuser.
	Owner = "data_api_owner"
	// App is what the server runs as; row-level security binds it.
	App = "data_api_app"
	// Database is the database that Owner owns.
	Database = "data_api"
)

// Options is what a cluster is started with.
type Options struct {
	// Dir is the state directory; it is made when it is missing. One process at a time may use it.
	Dir string
	// Settings go into postgresql.conf after this package's own, such as fsync=off in tests.
	Settings map[string]string
	// Log takes what happens to the server; nil for none.
	Log *slog.Logger
	// Progress takes a line before something slow, such as a download; nil for none.
	Progress func(line string)
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	if o.Progress == nil {
		o.Progress = func(string) {}
	}

	return o
}

// Cluster is a running Postgres.
type Cluster struct {
	at       layout
	bin      binaries
	log      *slog.Logger
	lock     *dirLock
	journal  *journal
	server   *child
	done     chan struct{}
	stopping chan struct{}
	stop     sync.Once
	stopErr  error
}

// Start returns a cluster that accepts connections; it makes one where there is none.
//
// ctx bounds the start, not the life of the server. A warm start takes about 60 ms, a first one about a second.
//
// Errors:  fault.Conflict if another process uses the directory, naming its id; fault.Unavailable if no Postgres is
// installed and none can be downloaded; else what went wrong, with the last lines of the server's log.
// Effects: a child process; files under Dir; where the path of Dir is too long for a socket, a directory in os.TempDir.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	began := time.Now()
	o = o.withDefaults()
	c := &Cluster{log: o.Log, done: make(chan struct{}), stopping: make(chan struct{})}
	if err := c.start(ctx, o); err != nil {
		return nil, fmt.Errorf("starting postgres in %s: %w", o.Dir, errors.Join(err, c.lock.release()))
	}

	c.log.Info("postgres is ready", "pid", c.PID(), "dir", c.at.dir, "socket", c.at.socketDir, "took",
		time.Since(began))
	return c, nil
}

func (c *Cluster) start(ctx context.Context, o Options) (err error) {
	if c.at, err = layoutOf(o.Dir); err != nil {
		return err
	}

	if c.lock, err = lockDir(c.at.lock); err != nil {
		return err
	}

	runAs, err := accountFor(c.at.data)
	if err != nil {
		return err
	}

	if c.bin, err = findBinaries(ctx, c.at.major(), o.Progress); err != nil {
		return err
	}

	if err := runAs.checkReach(c.at.dir, c.bin.dir, filepath.Dir(c.at.socketDir)); err != nil {
		return err
	}

	if err := endLeftovers(ctx, c.at); err != nil {
		return err
	}

	return c.launch(ctx, o, runAs)
}

// launch makes the cluster if it is not there yet, and starts its server.
func (c *Cluster) launch(ctx context.Context, o Options, runAs account) error {
	fresh := !c.at.initialised()
	if fresh {
		o.Progress("Creating a database cluster…")
		if err := initialise(ctx, c.at, c.bin, runAs, o.Settings["fsync"] == "off"); err != nil {
			return err
		}
	}

	if err := configure(c.at, runAs, o.Settings); err != nil {
		return err
	}

	if err := c.serve(ctx, runAs); err != nil {
		return err
	}

	if !fresh {
		return nil
	}

	if err := c.complete(ctx); err != nil {
		return errors.Join(err, c.Stop(context.WithoutCancel(ctx)))
	}

	return nil
}

// complete makes the roles and the database of a new cluster, and then marks it as whole.
func (c *Cluster) complete(ctx context.Context) error {
	if err := createRoles(ctx, c.URL(Superuser, "postgres")); err != nil {
		return err
	}

	return c.at.markInitialised(c.bin.major)
}

// URL returns the address of a database for lib/pq, and for libpq's own programs, as one of the roles.
func (c *Cluster) URL(user, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(user),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {c.at.socketDir}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// PID returns the process id of the server.
func (c *Cluster) PID() int { return c.server.process.Pid }

// Done returns a channel that is closed when the server ends without Stop. Stop then says why.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Bin returns the path of one of Postgres' programs, such as psql or pg_dump.
//
// Errors: fault.Unavailable if it is not installed, naming the package that has it.
func (c *Cluster) Bin(name string) (string, error) { return c.bin.program(name) }
