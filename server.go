// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
	"github.com/provenanceone/data-api/resolvers"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve is the composition root: settings → adapters → nouns → HTTP.
func serve(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) (err error) {
	growHeap()
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
	handler := guarded(a, credentials, s, log)
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
	if a.key, err = s.ServerKey(); err != nil {
		return a, err
	}
	bearer, err := s.Dev.Bearer()
	if err != nil {
		return a, err
	}
	if a.blobs, err = storage(ctx, s, bearer); err != nil {
		return a, err
	}
	a.vault, err = secretmanager.New(ctx, secretmanager.Options{Project: s.GCPProject, Locations: s.Locations(), Endpoint: s.Dev.SecretManagerEndpoint, Bearer: bearer})
	return a, err
}

// storage signs URLs with the key of a file, or has IAM sign them.
func storage(ctx context.Context, s config.Serve, bearer string) (*gcs.Store, error) {
	o := gcs.Options{Buckets: s.Buckets(), SignAs: s.SigningServiceAccount, Endpoint: s.Dev.GCSEndpoint, Bearer: bearer, Project: s.GCPProject}
	if s.SigningKeyFile != "" {
		var err error
		if o.Signer, err = gcs.LoadSigner(s.SigningKeyFile); err != nil {
			return nil, err
		}
	}
	return gcs.New(ctx, o)
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

// guarded answers HTTP: who has a credential reaches the executor.
func guarded(a adapters, credentials *authn.Authenticator, s config.Serve, log *slog.Logger) http.Handler {
	return httpserver.NewHandler(httpserver.Options{
		GraphQL: executor(a, s, log), Authenticate: credentials.Authenticate, Ready: a.db.Ping, Log: log, Hosts: s.Hosts(), TrustedProxies: s.Proxies(),
	})
}

// executor answers GraphQL operations with the nouns on the adapters.
func executor(a adapters, s config.Serve, log *slog.Logger) http.Handler {
	reaper := object.NewReaper(a.db, a.blobs, log)
	uploads := upload.NewService(a.db, a.blobs, reaper, s.MaxUploadBytes, time.Now, log)
	nouns := resolvers.Nouns{
		APIKeys:    apikey.NewService(a.db, mint, time.Now),
		AuditLog:   audit.NewLog(a.db),
		Datastores: datastore.NewService(a.db, uploads, time.Now),
		Members:    member.NewService(a.db, time.Now),
		Objects:    object.NewService(a.db, a.blobs, uploads, reaper, time.Now, log),
		Secrets:    secret.NewService(a.db, a.vault, a.key, time.Now),
		Uploads:    uploads,
		Workspaces: workspace.NewService(a.db),
		Regions:    slices.Sorted(maps.Keys(s.Buckets())),
	}
	schema := graph.Config{Resolvers: resolvers.New(nouns), Directives: resolvers.Directives(audit.NewDenials(a.db, time.Now))}
	server := document.NewServer(graph.NewExecutableSchema(schema), document.Options{Once: []string{"revealSecret"}, Log: log, RequestID: httpserver.RequestID})
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(dataloader.With(ctx, dataloader.New(authz.ActorFrom(ctx), nouns.Datastores, nouns.Objects)))
	})
	return server
}

func mint() apikey.Token {
	t := authn.NewToken()
	return apikey.Token{Text: t.Reveal(), Prefix: t.Prefix(), Hash: t.Hash()}
}
