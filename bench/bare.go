package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	// bareDatabase is the bare server's environment.
	bareDatabase = "BENCH_DATABASE_URL"
	// connections is the size of the pool. The server shares as many among requests, and keeps eight for looking up keys.
	connections = 16
	keyBits     = 2048
)

// bareTables are the bare side's own, filled with what the server's have, in a schema that is the bare side's default.
var bareTables = []string{
	`CREATE SCHEMA bare`,
	`CREATE TABLE bare.api_key AS SELECT token_hash, id, workspace_id, expires_at, revoked_at FROM public.api_key`,
	`ALTER TABLE bare.api_key ADD PRIMARY KEY (token_hash)`,
	`CREATE TABLE bare.datastore AS SELECT id, workspace_id, name, object_count, used_bytes, created_at,
		created_by_label AS created_by FROM public.datastore ORDER BY md5(id::text)`,
	`ALTER TABLE bare.datastore ADD PRIMARY KEY (id)`,
	`CREATE UNIQUE INDEX ON bare.datastore (workspace_id, name)`,
	`CREATE TABLE bare.secret AS SELECT id, workspace_id, name, format, current_version AS version, created_at,
		created_by_label AS created_by, ''::bytea AS sealed FROM public.secret`,
	`ALTER TABLE bare.secret ADD PRIMARY KEY (id)`,
	`CREATE TABLE bare.audit_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL
		DEFAULT now(), workspace_id uuid NOT NULL, actor_id uuid NOT NULL, ip inet, action text NOT NULL, risk text
		NOT NULL, secret_id uuid NOT NULL, reason text)`,
	`CREATE INDEX ON bare.audit_event (workspace_id, at DESC)`,
}

// bare answers with net/http, lib/pq and encoding/json, one route an operation, each by the fewest statements that do
// it. Its queries ask for the workspace themselves. It has no row-level security, no limits of documents or bodies, no
// access log, no Secret Manager: it seals values itself; and it signs uploads without a record of them.
type bare struct {
	seal                              cipher.AEAD
	signer                            *rsa.PrivateKey
	key, list, secret, reveal, rotate *sql.Stmt
}

// call is who asks, and for what.
type call struct {
	workspace, key string
	First          int
	ID, D, K, V    string
}

func serveBare(ctx context.Context) error {
	db, err := sql.Open("postgres", os.Getenv(bareDatabase))
	if err != nil {
		return err
	}

	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	b := &bare{seal: sealer()}
	if b.signer, err = rsa.GenerateKey(rand.Reader, keyBits); err != nil {
		return err
	}

	if err := b.prepare(ctx, db); err != nil {
		return err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.HandleFunc("POST /list", b.answer(b.listDatastores))
	mux.HandleFunc("POST /secret", b.answer(b.findSecret))
	mux.HandleFunc("POST /revealSecret", b.answer(b.revealSecret))
	mux.HandleFunc("POST /rotateSecret", b.answer(b.rotateSecret))
	mux.HandleFunc("POST /createUploadURL", b.answer(b.createUploadURL))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("listening " + listener.Addr().String())
	go func() { <-ctx.Done(); _ = server.Close() }()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}

	return nil
}

func (b *bare) prepare(ctx context.Context, db *sql.DB) error {
	var errs []error
	prepare := func(query string) *sql.Stmt {
		statement, err := db.PrepareContext(ctx, query)
		errs = append(errs, err)
		return statement
	}
	b.key = prepare(`SELECT workspace_id, id FROM api_key
		WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`)
	b.list = prepare(`SELECT id, name, object_count, used_bytes, created_at, created_by FROM datastore
		WHERE workspace_id = $1 ORDER BY name LIMIT $2`)
	b.secret = prepare(`SELECT id, name, format, version, created_at, created_by FROM secret
		WHERE workspace_id = $1 AND id = $2`)
	b.reveal = prepare(`WITH s AS (SELECT id, version, sealed FROM secret WHERE workspace_id = $1 AND id = $2),
		a AS (INSERT INTO audit_event (workspace_id, actor_id, ip, action, risk, secret_id, reason)
			SELECT $1, $3, '127.0.0.1', 'secret.accessed', 'HIGH', id, 'bench' FROM s RETURNING id)
		SELECT s.version, s.sealed, a.id FROM s, a`)
	b.rotate = prepare(`WITH s AS (UPDATE secret SET version = version + 1, sealed = $4
			WHERE workspace_id = $1 AND id = $2 RETURNING id, version),
		a AS (INSERT INTO audit_event (workspace_id, actor_id, ip, action, risk, secret_id)
			SELECT $1, $3, '127.0.0.1', 'secret.rotated', 'MEDIUM', id FROM s)
		SELECT version FROM s`)
	return errors.Join(errs...)
}

// answer checks the API key and writes what do returns.
func (b *bare) answer(do func(context.Context, call) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Variables call }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}

		c := body.Variables
		hash := sha256.Sum256([]byte(r.Header.Get("X-API-Key")))
		if err := b.key.QueryRowContext(r.Context(), hash[:]).Scan(&c.workspace, &c.key); err != nil {
			http.Error(w, "unauthenticated", http.StatusUnauthorized)
			return
		}

		data, err := do(r.Context(), c)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}
}

// sealer seals values; its key guards nothing.
func sealer() cipher.AEAD {
	key := sha256.Sum256([]byte("bench"))
	block, _ := aes.NewCipher(key[:]) // it takes keys of this length
	seal, _ := cipher.NewGCMWithRandomNonce(block)
	return seal
}

func seal(with cipher.AEAD, value string) []byte {
	return with.Seal(nil, nil, []byte(value), nil) //nolint:gosec // it makes a nonce itself
}
