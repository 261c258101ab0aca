// Package app builds the program: the stores, each service on them once, and what answers requests and does upkeep with
// these.
//
// `serve` and `dev` open an App. Commands that only work on the stores, such as `reconcile`, open Stores. Nothing else
// puts services together, so whatever a service needs is decided here.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/ratelimit"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/scalar"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trusted"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
	"github.com/provenanceone/data-api/resolvers"
	"github.com/provenanceone/data-api/schema"
)

// App is the program on its stores, and their metrics.
type App struct {
	*Stores
	// Denials counts refused attempts, and puts them on record.
	Denials *audit.Denials

	contract *ast.Schema
	// prepared are the deployment's trusted documents, ready to be run, by their texts.
	prepared map[string]*ast.QueryDocument
	settings config.Serve
	rate     *ratelimit.Limiter
	log      *slog.Logger
	nouns    resolvers.Nouns
	reaper   *object.Reaper
	upkeep   *secret.Upkeep
	staging  *upload.Upkeep
	// tracer is nil until Trace says where traces go.
	tracer *trace.Tracer
	// found is what Look has found, once it has.
	found atomic.Pointer[[]doctor.Finding]
}

// Open migrates the database if the settings say so, opens the stores and every connection that the server uses, and
// builds the services. Close the App even after an error.
//
// Errors: those of OpenStores; of migrating.
func Open(ctx context.Context, s config.Serve, log *slog.Logger) (*App, error) {
	if s.MigrateDatabaseURL != "" {
		if _, err := postgres.Migrate(ctx, s.MigrateDatabaseURL); err != nil {
			return &App{Stores: &Stores{}}, fmt.Errorf("migrating: %w", err)
		}
	}

	stores, err := OpenStores(ctx, s.Stores, Signing{KeyFile: s.SigningKeyFile, Account: s.SigningServiceAccount})
	if err != nil {
		return &App{Stores: stores}, err
	}

	stores.LogOutages(log)
	stores.DB.Limits = postgres.Limits(s.Limits)
	if err := stores.DB.Warm(ctx); err != nil {
		log.Warn("the database gives fewer connections than a server uses", "error", err)
	}

	keys, err := s.ServerKeys()
	if err != nil {
		return &App{Stores: stores}, err
	}

	return New(stores, keys, s, log)
}

// New builds the services on stores that are open.
//
// Errors: those of the deployment's list of trusted documents; of loading the contract, which is a part of the program.
func New(o *Stores, keys secret.ServerKeys, s config.Serve, log *slog.Logger) (*App, error) {
	contract, err := schema.Load()
	if err != nil {
		return &App{Stores: o}, fmt.Errorf("loading the contract: %w", err)
	}

	documents, prepared, err := trustedDocuments(o, contract, s)
	if err != nil {
		return &App{Stores: o}, fmt.Errorf("--trusted-documents: %w", err)
	}

	scalar.LimitAnswers(s.MaxAnswerBytes)
	o.measure(contract)
	once := idempotency.NewService(o.DB.Idempotency(), keys)
	reaper := object.NewReaper(o.DB.Objects(), o.Blobs, log)
	uploads := upload.NewService(o.DB.Uploads(), o.Blobs, reaper, upload.Options{
		Keys:     keys,
		Once:     once,
		MaxBytes: s.MaxUploadBytes,
		Now:      now,
		Log:      log,
	})
	secrets := secret.NewService(o.DB.Secrets(), o.Vault, secret.Options{
		Keys:      keys,
		Once:      once,
		Log:       log,
		Now:       now,
		Retention: secret.Retention{Versions: s.RetainVersionsFor, Deleted: s.RestoreSecretsFor},
	})
	datastores := datastore.NewService(o.DB.Datastores(), uploads, once, now)
	objects := object.NewService(o.DB.Objects(), o.Blobs, uploads, reaper, once, now, log)
	return &App{
		Stores:   o,
		contract: contract,
		prepared: prepared,
		Denials:  audit.NewDenials(o.DB.AuditLog(), now),
		settings: s,
		rate:     ratelimit.New(s.Requests.PointsPerMinute, now),
		log:      log,
		reaper:   reaper,
		upkeep:   secret.NewUpkeep(o.DB.Secrets(), o.inventory(), secrets, now),
		staging:  upload.NewUpkeep(o.DB.Uploads(), o.Blobs, uploads, s.RegionNames()),
		nouns: resolvers.Nouns{
			APIKeys:    apikey.NewService(o.DB.APIKeys(), mint, once, now),
			AuditLog:   audit.NewLog(o.DB.AuditLog()),
			Deletions:  deletion.NewService(o.DB.Deletions(), uploads),
			Datastores: datastores,
			Members:    member.NewService(o.DB.Members(), now),
			Nodes:      node.NewService(o.DB.Nodes()),
			Objects:    objects,
			References: reference.NewService(o.DB.References()),
			Secrets:    secrets,
			Runs:       run.NewService(countedRuns{o.DB.Runs(), o.Metrics}, o.DB.RuntimeKeys(), o.Vault, keys, now),
			Steps:      run.NewSteps(datastores, objects, objects, o.DB, once),
			Uploads:    uploads,
			Workspaces: workspace.NewService(o.DB.Workspaces(), once, workspace.Policy{
				Regions:    s.RegionNames(),
				Open:       s.OpenWorkspaces,
				LimitBytes: s.DefaultQuota(),
			}),

			TrustedDocuments: documents,
		},
	}, nil
}

// trustedDocuments builds their service, and prepares those that a file of the deployment lists, by their texts.
func trustedDocuments(
	o *Stores, contract *ast.Schema, s config.Serve,
) (*trusted.Service, map[string]*ast.QueryDocument, error) {
	listed, err := trusted.Load(s.TrustedDocuments)
	if err != nil {
		return nil, nil, err
	}

	checker := document.NewChecker(contract, documentLimits(s.Requests))
	service, err := trusted.NewService(o.DB.TrustedDocuments(), listed, checker.Check, now)
	if err != nil {
		return nil, nil, err
	}

	prepared := map[string]*ast.QueryDocument{}
	for text := range maps.Values(listed) {
		if prepared[text], err = checker.Prepare(text); err != nil {
			return nil, nil, err
		}
	}

	return service, prepared, nil
}

func mint() apikey.Token {
	t := authn.NewToken()
	return apikey.Token{Text: t.Reveal(), Prefix: t.Prefix(), Hash: t.Hash()}
}

// Credentials returns what authenticates requests. Close it.
//
// Errors: fault.Invalid for an issuer that is no URL.
func (a *App) Credentials() (*authn.Authenticator, error) {
	return authn.New(authn.Options{
		Issuer:         a.settings.OIDCIssuer,
		Audience:       a.settings.OIDCAudience,
		OtherAudiences: a.settings.Identity.OtherAudiences,
		Clients:        a.settings.Identity.Clients,
		VerifiedClaim:  a.settings.Identity.EmailVerifiedClaim,
		TrustEmail:     a.settings.Identity.TrustEmail,
		Members:        a.DB.Members(),
		Keys:           a.DB.APIKeys(),
		Denials:        a.Denials,
	})
}

// KeepDenials puts on record the refused attempts of minutes that are over, until ctx ends.
func (a *App) KeepDenials(ctx context.Context) { a.Denials.Keep(ctx, flushEvery, a.log) }

// LastDenials puts the rest on record. Call it once no request comes any more.
func (a *App) LastDenials(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	if err := a.Denials.Close(ctx); err != nil {
		a.log.Warn("refused attempts are not on record", "error", err)
	}
}

const (
	// flushEvery is how often refused attempts are put on record.
	flushEvery = 15 * time.Second
	// lastFlush bounds the last time, and that of traces. A server that stops has ten seconds in all.
	lastFlush = 2 * time.Second
)
