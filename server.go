// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
	"github.com/provenanceone/data-api/resolvers"
	"github.com/provenanceone/data-api/schema"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve is the composition root: settings → adapters → nouns → HTTP.
func serve(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) (err error) {
	a, err := connect(ctx, s)
	defer func() { err = errors.Join(err, a.close()) }()
	if err != nil {
		return err
	}
	if err := a.db.Ready(ctx); err != nil {
		return fmt.Errorf("checking the database: %w", err)
	}
	credentials, err := authn.New(authn.Options{Issuer: s.OIDCIssuer, Audience: s.OIDCAudience, Members: a.db, Keys: a.db})
	if err != nil {
		return err
	}
	defer credentials.Close()
	listener, err := httpserver.Listen(ctx, httpserver.Socket{Address: s.Listen, CertificateFile: s.TLSCertificateFile, KeyFile: s.TLSKeyFile, Log: log})
	if err != nil {
		return err
	}
	graphQL, err := executor(a, s, log)
	if err != nil {
		return err
	}
	handler := httpserver.NewHandler(httpserver.Options{
		GraphQL: graphQL, Authenticate: credentials.Authenticate, Ready: a.db.Ping, Log: log, Hosts: s.Hosts(), TrustedProxies: s.Proxies(),
	})
	if s.InTheClear() {
		log.Warn("this server speaks plain HTTP to other machines: TLS must end in front of it", "address", s.Listen)
	}
	log.Info("listening", "address", listener.Addr().String())
	ready(listener.Addr().String())
	return httpserver.Run(ctx, listener, handler, log)
}

// adapters are the three stores.
type adapters struct {
	db    *postgres.DB
	blobs *gcs.Store
	vault *secretmanager.Vault
	key   secret.ServerKey
}

func connect(ctx context.Context, s config.Serve) (a adapters, err error) {
	if s.MigrateDatabaseURL != "" {
		if _, err := postgres.Migrate(ctx, s.MigrateDatabaseURL); err != nil {
			return a, fmt.Errorf("migrating: %w", err)
		}
	}
	if a.db, err = postgres.Open(s.DatabaseURL); err != nil {
		return a, err
	}
	signer, err := gcs.LoadSigner(s.SigningKeyFile)
	if err != nil {
		return a, err
	}
	if a.key, err = s.ServerKey(); err != nil {
		return a, err
	}
	bearer, err := s.Dev.Bearer()
	if err != nil {
		return a, err
	}
	a.blobs, err = gcs.New(ctx, gcs.Options{Buckets: s.Buckets(), Signer: signer, Endpoint: s.Dev.GCSEndpoint, Bearer: bearer, Project: s.GCPProject})
	if err != nil {
		return a, err
	}
	a.vault, err = secretmanager.New(ctx, secretmanager.Options{Project: s.GCPProject, Locations: s.Locations(), Endpoint: s.Dev.SecretManagerEndpoint, Bearer: bearer})
	return a, err
}

func (a adapters) close() (err error) {
	if a.vault != nil {
		err = a.vault.Close()
	}
	if a.blobs != nil {
		err = errors.Join(err, a.blobs.Close())
	}
	if a.db != nil {
		err = errors.Join(err, a.db.Close())
	}
	return err
}

// executor answers GraphQL operations with the nouns on the adapters.
func executor(a adapters, s config.Serve, log *slog.Logger) (http.Handler, error) {
	reaper := object.NewReaper(a.db, a.blobs, log)
	once := idempotency.NewService(a.db, a.key)
	uploads := upload.NewService(a.db, a.blobs, reaper, once, s.MaxUploadBytes, time.Now, log)
	nouns := resolvers.Nouns{
		APIKeys:    apikey.NewService(a.db, mint, once, time.Now),
		AuditLog:   audit.NewLog(a.db),
		Datastores: datastore.NewService(a.db, uploads, once, time.Now),
		Members:    member.NewService(a.db, time.Now),
		Nodes:      node.NewService(a.db),
		Objects:    object.NewService(a.db, a.blobs, uploads, reaper, time.Now, log),
		Secrets:    secret.NewService(a.db, a.vault, a.key, once, time.Now),
		Uploads:    uploads,
		Workspaces: workspace.NewService(a.db, once, workspace.Policy{Regions: s.RegionNames(), Open: s.OpenWorkspaces, LimitBytes: s.DefaultQuota()}),
	}
	contract, err := schema.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the contract: %w", err)
	}
	guard := resolvers.NewGuard(contract, audit.NewDenials(a.db, time.Now))
	guarded := graph.Config{Resolvers: resolvers.New(nouns, guard), Directives: guard.Directives()}
	return document.NewServer(graph.NewExecutableSchema(guarded), document.Options{Once: []string{"revealSecret"}, Log: log, RequestID: httpserver.RequestID}), nil
}

func mint() apikey.Token {
	t := authn.NewToken()
	return apikey.Token{Text: t.Reveal(), Prefix: t.Prefix(), Hash: t.Hash()}
}
