package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	_ "github.com/lib/pq" // the driver
)

// The bare server's environment.
const (
	bareDatabase  = "BENCH_DATABASE_URL"
	bareWorkspace = "BENCH_WORKSPACE"
)

// bare answers two queries with nothing but net/http, lib/pq and encoding/json: the same key lookup and the same
// statement as the server, each prepared once a connection, as the same role, on a pool of the same size. Row-level
// security binds its connections once, when they open, for it serves one workspace; it guards no body, parses no
// document, logs nothing, and cannot be cancelled.
type bare struct {
	workspace               string
	key, datastores, secret *sql.Stmt
}

const (
	keyStatement = `SELECT id, name, workspace_id, region, scopes, allowed_networks, expires_at, last_used_at,
		revoked_at FROM api_key_by_hash($1)`
	byColumns     = `created_by_kind, created_by_id, created_by_label`
	listStatement = `SELECT id, name, description, object_count, used_bytes, created_at, updated_at, ` + byColumns +
		` FROM datastore
		WHERE workspace_id = $1 AND deleted_at IS NULL AND name > $2 AND name COLLATE "default" ILIKE $3 ORDER BY name
		LIMIT $4`
	secretStatement = `SELECT id, name, description, format, current_version, created_at, rotated_at, last_revealed_at,
		` + byColumns + `
		FROM secret WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE'`
)

func serveBare(ctx context.Context) error {
	db, err := openBound(os.Getenv(bareDatabase), os.Getenv(bareWorkspace))
	if err != nil {
		return err
	}

	defer func() { _ = db.Close() }()
	b := &bare{workspace: os.Getenv(bareWorkspace)}
	if err := b.prepare(ctx, db); err != nil {
		return err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.HandleFunc("POST /datastores", b.answer(b.listDatastores))
	mux.HandleFunc("POST /secret", b.answer(b.findSecret))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("listening " + listener.Addr().String())
	go func() { <-ctx.Done(); _ = server.Close() }()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}

	return nil
}

func (b *bare) prepare(ctx context.Context, db *sql.DB) error {
	var errs [3]error
	b.key, errs[0] = db.PrepareContext(ctx, keyStatement)
	b.datastores, errs[1] = db.PrepareContext(ctx, listStatement)
	b.secret, errs[2] = db.PrepareContext(ctx, secretStatement)
	return errors.Join(errs[:]...)
}

// openBound opens the database with every connection bound to one workspace.
func openBound(address, workspace string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}

	query := u.Query()
	query.Set("app.workspace_id", workspace)
	u.RawQuery = query.Encode()
	db, err := sql.Open("postgres", u.String())
	if err == nil {
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
	}

	return db, err
}

type variables struct {
	First int
	ID    string
}

// answer checks the API key and writes what do returns.
func (b *bare) answer(do func(variables) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Variables variables }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}

		if !b.allows(r.Header.Get("X-API-Key")) {
			http.Error(w, "unauthenticated", http.StatusUnauthorized)
			return
		}

		data, err := do(body.Variables)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}
}

func (b *bare) allows(token string) bool {
	var id, name, workspace, region string
	var scopes, networks []byte
	var expires, used, revoked *time.Time
	hash := sha256.Sum256([]byte(token))
	err := b.key.QueryRow(hash[:]). //nolint:noctx // a bare handler does without
					Scan(&id, &name, &workspace, &region, &scopes, &networks, &expires, &used,
			&revoked)
	return err == nil && workspace == b.workspace && revoked == nil && (expires == nil || time.Now().Before(*expires))
}

type author struct {
	Label string `json:"label"`
}

type datastoreRow struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	ObjectCount int64     `json:"objectCount,string"`
	UsedBytes   int64     `json:"usedBytes,string"`
	CreatedAt   time.Time `json:"createdAt"`
	CreatedBy   author    `json:"createdBy"`
}

func (b *bare) listDatastores(v variables) (any, error) {
	rows, err := b.datastores.Query(b.workspace, "", "%%", v.First+1) //nolint:noctx // a bare handler does without
	if err != nil {
		return nil, err
	}

	defer func() { _ = rows.Close() }()
	nodes := make([]datastoreRow, 0, v.First+1)
	for rows.Next() {
		var d datastoreRow
		var description *string
		var updated time.Time
		var kind, by string
		if err := rows.Scan(&d.ID, &d.Name, &description, &d.ObjectCount, &d.UsedBytes, &d.CreatedAt, &updated, &kind,
			&by, &d.CreatedBy.Label); err != nil {
			return nil, err
		}

		nodes = append(nodes, d)
	}

	return map[string]any{"datastores": map[string]any{"nodes": nodes[:min(v.First, len(nodes))]}}, rows.Err()
}

func (b *bare) findSecret(v variables) (any, error) {
	var s struct {
		ID             string    `json:"id"`
		Name           string    `json:"name"`
		Format         string    `json:"format"`
		CurrentVersion int       `json:"currentVersion"`
		CreatedAt      time.Time `json:"createdAt"`
		CreatedBy      author    `json:"createdBy"`
	}
	var description *string
	var rotated, revealed *time.Time
	var kind, by string
	err := b.secret.QueryRow(b.workspace, v.ID). //nolint:noctx // a bare handler does without
							Scan(&s.ID, &s.Name, &description, &s.Format, &s.CurrentVersion, &s.CreatedAt, &rotated,
			&revealed, &kind, &by,
			&s.CreatedBy.Label)
	return map[string]any{"secret": s}, err
}

// attempt makes texts of one shape unlike each other.
func attempt(n int64) string { return strconv.FormatInt(n, 10) }
