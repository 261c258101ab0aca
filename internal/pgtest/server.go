package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
	"github.com/provenanceone/data-api/migrations"
)

const (
	template     = "data_api_template"
	dirPrefix    = "data-api-pgtest-"
	startTimeout = 10 * time.Minute // a first start may download Postgres
	stopTimeout  = 30 * time.Second
	// patience replaces the server's own time-outs: what many tests do at once on a busy machine waits for long
	// without being stuck.
	patience = "&data_api.turn_timeout=120000&lock_timeout=120000&statement_timeout=120000" +
		"&idle_in_transaction_session_timeout=120000"
)

// fast gives up what a cluster needs only if it is to survive the machine.
var fast = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"autovacuum":         "off",
	"shared_buffers":     "32MB",
	"max_connections":    "400",
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
	"max_wal_size":       "128MB",
}

// server is the cluster of this test process.
type server struct {
	cluster *postgres.Cluster
	dir     string
	admin   *sql.DB
	names   atomic.Int64
}

// running is what stop ends; the tests are over by then.
var running atomic.Pointer[server]

func start() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	sweep(ctx)
	dir, err := os.MkdirTemp(bases()[0], dirPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}

	progress := func(line string) { fmt.Fprintln(os.Stderr, line) }
	cluster, err := postgres.Start(ctx, postgres.Options{Dir: dir, Settings: fast, Progress: progress})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}

	admin, err := sql.Open("postgres", cluster.URL(postgres.Superuser, "postgres"))
	if err != nil {
		return nil, errors.Join(err, cluster.Stop(ctx))
	}

	s := &server{cluster: cluster, dir: dir, admin: admin}
	running.Store(s)
	if err := s.makeTemplate(ctx); err != nil {
		return nil, fmt.Errorf("making the template database: %w", err)
	}

	return s, nil
}

// makeTemplate migrates; the connections to it are closed, for a database with connections cannot be copied.
func (s *server) makeTemplate(ctx context.Context) error {
	if err := s.create(ctx, template, "template0"); err != nil {
		return err
	}

	return open(ctx, s.cluster.URL(postgres.Owner, template), func(db *sql.DB) error { return migrations.Up(ctx, db) })
}

// clone takes from everybody what the migrations did: a copy has the rights in a database, and none of those to it.
func (s *server) clone(ctx context.Context) (string, error) {
	name := s.nextName()
	if err := s.create(ctx, name, template); err != nil {
		return name, err
	}

	_, err := s.admin.ExecContext(ctx, `REVOKE TEMPORARY ON DATABASE `+name+` FROM PUBLIC`)
	return name, err
}

func (s *server) empty(ctx context.Context) (string, error) {
	name := s.nextName()
	return name, s.create(ctx, name, "template0")
}

func (s *server) nextName() string { return "test_" + strconv.FormatInt(s.names.Add(1), 10) }

// create copies files: with nothing synced, a third of the time of the default, which writes every page to the log.
func (s *server) create(ctx context.Context, name, from string) error {
	_, err := s.admin.ExecContext(ctx, `CREATE DATABASE `+name+` STRATEGY FILE_COPY TEMPLATE `+from+` OWNER `+
		postgres.Owner)
	return err
}

func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(ctx, `DROP DATABASE `+name+` WITH (FORCE)`)
	return err
}

func (s *server) database(name string) *Database {
	return &Database{
		Name:     name,
		AppURL:   s.cluster.URL(postgres.App, name) + patience,
		OwnerURL: s.cluster.URL(postgres.Owner, name),
		SuperURL: s.cluster.URL(postgres.Superuser, name) + patience,
		Cluster:  s.cluster,
	}
}

// stop ends the cluster, if one was started, and removes it.
func stop() error {
	s := running.Swap(nil)
	if s == nil {
		return nil
	}

	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := errors.Join(s.admin.Close(), s.cluster.Stop(ctx)); err != nil {
		return err
	}

	return postgres.Remove(ctx, s.dir)
}
