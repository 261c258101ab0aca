package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/workspace"
)

const (
	listed = 20
	// connections is the size of every pool here; the server's is the same.
	connections = 16
	keyBits     = 2048
)

// world is a workspace with what the operations are about, and the ways to it.
type world struct {
	*stack
	workspace authz.WorkspaceID
	token     string
	// places has one for each client; the first is in workspace.
	places  []place
	bare    *process
	bareURL string
	// secretIDs has one for each client, which reveals and rotates its own.
	secretIDs []string
	// injection is the body that asks for fifty secrets.
	injection string
	// small and large are datastores of a thousand keys and of a million; empty where they are not measured.
	small, large string
	// bound is the database without the server, and insert the durable insert that writes are held against.
	bound  *sql.DB
	insert *sql.Stmt
	key    *rsa.PrivateKey
	client *http.Client
	// made counts what was made, so that nothing is made twice.
	made atomic.Int64
}

// place is a datastore with a key to it, in a workspace of one client.
type place struct {
	workspace        authz.WorkspaceID
	token, datastore string
	// admin is who made the workspace.
	admin authz.Actor
}

// furnish makes a workspace with datastores and secrets, and starts the bare server on it.
func furnish(ctx context.Context, s *stack) (*world, error) {
	w := &world{
		stack:     s,
		workspace: authz.NewWorkspaceID(),
		client: &http.Client{Timeout: 30 * time.Second,
			Transport: &http.Transport{MaxIdleConnsPerHost: connections}},
	}
	db, err := postgres.Open(s.instance.DatabaseURL)
	if err != nil {
		return w, err
	}

	if err := errors.Join(w.fill(ctx, db), db.Close()); err != nil {
		return w, err
	}

	if w.bound, err = openBound(s.instance.DatabaseURL, w.workspace.String()); err != nil {
		return w, err
	}

	if w.insert, err = w.bound.PrepareContext(ctx, insertStatement); err != nil {
		return w, err
	}

	if w.key, err = rsa.GenerateKey(rand.Reader, keyBits); err != nil {
		return w, err
	}

	for i := range mostClients {
		if err := w.createSecret(ctx, i); err != nil {
			return w, err
		}
	}

	if err := w.useSecrets(ctx); err != nil {
		return w, err
	}

	return w, w.startBare(ctx)
}

// fill makes the workspace that is listed, and a workspace for each further client.
func (w *world) fill(ctx context.Context, db *postgres.DB) error {
	for client := range mostClients {
		p, datastores := place{workspace: authz.NewWorkspaceID()}, 1
		if client == 0 {
			p.workspace, datastores = w.workspace, listed
		}

		if err := p.fill(ctx, db, w.instance.Region.Name, datastores); err != nil {
			return err
		}

		w.places = append(w.places, p)
	}

	w.token = w.places[0].token
	return nil
}

func (p *place) fill(ctx context.Context, db *postgres.DB, region string, datastores int) error {
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
	if _, err := keys.Create(ctx, p.admin,
		apikey.CreateRequest{
			Name: "bench",
			Scopes: []authz.Scope{authz.DatastoresWrite, authz.SecretsRead, authz.SecretsWrite,
				authz.SecretsInject},
		}); err != nil {
		return err
	}

	for i := range datastores {
		d, err := datastore.NewService(db.Datastores(), nil, nil, time.Now).
			Create(ctx, p.admin, datastore.CreateRequest{Name: fmt.Sprintf("datastore-%02d", i)})
		if err != nil {
			return err
		}

		p.datastore = d.ID.String()
	}

	return nil
}

func (w *world) createSecret(ctx context.Context, i int) error {
	answer, err := w.graphQL(ctx, w.token,
		fmt.Sprintf(`{"query":"mutation { createSecret(input: {name: \"secret-%d\", value: {text: \"first\"}}) { secret { id } } }"}`, i))
	if err != nil {
		return err
	}

	var made struct {
		Data struct {
			CreateSecret struct{ Secret struct{ ID string } }
		}
	}
	err = json.Unmarshal(answer, &made)
	w.secretIDs = append(w.secretIDs, made.Data.CreateSecret.Secret.ID)
	return err
}

func (w *world) startBare(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}

	environment := []string{bareDatabase + "=" + w.instance.DatabaseURL, bareWorkspace + "=" + w.workspace.String()}
	w.bare, err = launch(ctx, filepath.Join(w.dir, "bare.log"), "listening", environment, self, "-bare")
	if err != nil {
		return err
	}

	line, _ := w.bare.line("listening")
	w.bareURL = "http://" + strings.TrimPrefix(line, "listening ")
	return nil
}

func (w *world) close() error {
	var err error
	if w.bound != nil {
		err = w.bound.Close()
	}

	w.client.CloseIdleConnections()
	return errors.Join(err, w.bare.stop())
}

// graphQL asks the server. Errors: an answer other than 200, or with errors.
func (w *world) graphQL(ctx context.Context, token, body string) ([]byte, error) {
	return w.post(ctx, "http://"+w.address+"/graphql", token, body)
}

func (w *world) post(ctx context.Context, url, token, body string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}

	r.Header.Set("Content-Type", "application/json")
	return w.answer(r, token)
}

func (w *world) get(ctx context.Context, url, token string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}

	return w.answer(r, token)
}

func (w *world) answer(r *http.Request, token string) ([]byte, error) {
	r.Header.Set("X-API-Key", token)
	response, err := w.client.Do(r)
	if err != nil {
		return nil, err
	}

	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
		err = fmt.Errorf("the answer is %d %s", response.StatusCode, answer)
	}

	return answer, err
}
