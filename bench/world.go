package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/workspace"
)

const (
	workspaces     = 100
	datastoresEach = 25
	secretsEach    = 5
)

// world is a hundred workspaces with what the operations are about, and the ways to them.
type world struct {
	*stack
	places      []*place
	bare        *process
	bareAddress string
	counter     *counter
	// super is the database for whoever may do everything with it.
	super *sql.DB
	// small and large are datastores of a thousand keys and of a million; empty where they are not measured.
	small, large string
}

// place is a workspace with a key to it.
type place struct {
	workspace authz.WorkspaceID
	token     string
	// admin is who made the workspace.
	admin               authz.Actor
	datastores, secrets []string
	// used are the secrets that an injection asks for, as JSON, and runtime the key that it seals them to.
	used, runtime string
}

// furnish makes the workspaces, by a server that is reached through a counter, as is the bare one.
func furnish(ctx context.Context, s *stack) (*world, error) {
	w := &world{stack: s}
	var err error
	if w.super, err = sql.Open("postgres", superURL(s.instance.DatabaseURL)); err != nil {
		return w, err
	}

	say("Making %d workspaces with %d datastores and %d secrets each…", workspaces, datastoresEach, secretsEach)
	db, err := postgres.Open(s.instance.DatabaseURL)
	if err != nil {
		return w, err
	}

	defer func() { _ = db.Close() }()
	if err := w.fill(ctx, db); err != nil {
		return w, err
	}

	var counted string
	if w.counter, counted, err = through(ctx, s.instance.DatabaseURL, s.dir); err != nil {
		return w, err
	}

	if err := s.serve(ctx, counted); err != nil {
		return w, err
	}

	if err := w.makeSecrets(ctx); err != nil {
		return w, err
	}

	if err := errors.Join(w.useSecrets(ctx, db), w.fillBare(ctx)); err != nil {
		return w, err
	}

	return w, w.startBare(ctx, counted)
}

// direct starts the server and the bare one anew, with nothing between them and Postgres.
func (w *world) direct(ctx context.Context) error {
	if err := errors.Join(w.server.stop(), w.bare.stop(), w.counter.listener.Close()); err != nil {
		return err
	}

	return errors.Join(w.serve(ctx, w.instance.DatabaseURL), w.startBare(ctx, w.instance.DatabaseURL))
}

// superURL is the database as whoever may do everything with it.
func superURL(database string) string {
	return strings.Replace(database, "data_api_app", "data_api_super", 1)
}

func (w *world) fill(ctx context.Context, db *postgres.DB) error {
	for range workspaces {
		p := &place{workspace: authz.NewWorkspaceID()}
		if err := p.found(ctx, db, w.instance.Region.Name); err != nil {
			return err
		}

		w.places = append(w.places, p)
	}

	if _, err := w.super.ExecContext(ctx, `INSERT INTO datastore (workspace_id, id, name, description, created_by_kind,
		created_by_id, created_by_label)
		SELECT workspace_id, gen_random_uuid(), format('datastore-%s', lpad(n::text, 2, '0')), 'For a bench', 'USER', id,
			email FROM member, generate_series(1, $1) n ORDER BY md5(n || id::text)`, datastoresEach); err != nil {
		return err
	}

	return w.read(ctx, `SELECT array_agg(id) FROM datastore WHERE workspace_id = $1`,
		func(p *place) *[]string { return &p.datastores })
}

// read reads ids of every place.
func (w *world) read(ctx context.Context, query string, ids func(*place) *[]string) error {
	for _, p := range w.places {
		if err := w.super.QueryRowContext(ctx, query, p.workspace).Scan((*pq.StringArray)(ids(p))); err != nil {
			return err
		}
	}

	return nil
}

// found makes the workspace, with an admin and a key.
func (p *place) found(ctx context.Context, db *postgres.DB, region string) error {
	founder := member.Member{
		ID:      ident.New[member.Member](),
		Issuer:  "https://bench.example",
		Subject: p.workspace.String(),
		Email:   "admin@bench.example",
		Role:    authz.Admin,
	}
	if err := workspace.Found(ctx, db.Workspaces(), workspace.Workspace{
		ID:     p.workspace,
		Name:   "bench",
		Region: region,
	}, []member.Member{founder}); err != nil {
		return err
	}

	p.admin = authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: founder.ID.String(), Label: founder.Email},
		Workspace: p.workspace,
		Role:      authz.Admin,
	}
	keys := apikey.NewService(db.APIKeys(), func() apikey.Token {
		t := authn.NewToken()
		p.token = t.Reveal()
		return apikey.Token{Text: p.token, Prefix: t.Prefix(), Hash: t.Hash()}
	}, nil, time.Now)
	_, err := keys.Create(ctx, p.admin, apikey.CreateRequest{
		Name: "bench",
		Scopes: []authz.Scope{authz.DatastoresWrite, authz.SecretsRead, authz.SecretsWrite,
			authz.SecretsInject},
	})
	return err
}

// makeSecrets makes a few secrets in every place, and enough for an injection in some: as requests are asked in turn,
// every place gets as many as the next.
func (w *world) makeSecrets(ctx context.Context) error {
	const body = `{"query":"mutation($n: String!) { createSecret(input: {name: $n, value: {text: \"first\"}}) { secret { id } } }","variables":{"n":"FRESH"}}`
	everywhere, more := w.asks(body, w.places), w.asks(body, w.places[:injecting])
	everywhere.most, more.most = workspaces*secretsEach, injecting*(injected-secretsEach)
	for _, s := range []side{everywhere, more} {
		if _, err := s.take(ctx, mostClients, 10*time.Minute); err != nil {
			return err
		}
	}

	return w.read(ctx, `SELECT array_agg(id) FROM secret WHERE workspace_id = $1`,
		func(p *place) *[]string { return &p.secrets })
}

// fillBare makes the bare side's tables.
func (w *world) fillBare(ctx context.Context) error {
	var errs []error
	for _, statement := range bareTables {
		_, err := w.super.ExecContext(ctx, statement)
		errs = append(errs, err)
	}

	_, err := w.super.ExecContext(ctx, `UPDATE bare.secret SET sealed = $1`, seal(sealer(), "first"))
	return errors.Join(append(errs, err)...)
}

func (w *world) startBare(ctx context.Context, database string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}

	environment := []string{bareDatabase + "=" + superURL(database) + "&search_path=bare"}
	w.bare, err = launch(ctx, filepath.Join(w.dir, "bare.log"), "listening", environment, self, "-bare")
	if err != nil {
		return err
	}

	line, _ := w.bare.line("listening")
	w.bareAddress = strings.TrimPrefix(line, "listening ")
	return nil
}

// analyze brings the database's statistics up to date, as autovacuum does within a minute: what one operation wrote
// would else have the next one run by plans for tables that were all but empty.
func (w *world) analyze(ctx context.Context) error {
	_, err := w.super.ExecContext(ctx, `ANALYZE`)
	return err
}

func (w *world) close() error { return errors.Join(w.super.Close(), w.bare.stop()) }

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
