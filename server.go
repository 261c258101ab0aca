// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL and REST.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/docs"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/httpserver/playground"
	"github.com/provenanceone/data-api/internal/memory"
	"github.com/provenanceone/data-api/internal/scalar"
	"github.com/provenanceone/data-api/schema"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve is the composition root: settings → adapters → nouns → HTTP.
func serve(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) (err error) {
	growHeap()
	scalar.LimitAnswers(s.MaxAnswerBytes)
	if err := memory.NoCoreDumps(); err != nil {
		return err
	}

	a, err := connect(ctx, s, log)
	defer func() { err = errors.Join(err, a.close()) }()
	if err != nil {
		return err
	}

	denials := audit.NewDenials(a.db, time.Now)
	credentials, err := authn.New(authn.Options{
		Issuer:   s.OIDCIssuer,
		Audience: s.OIDCAudience,
		Members:  a.db,
		Keys:     a.db,
		Denials:  denials,
	})
	if err != nil {
		return err
	}
	defer credentials.Close()
	listener, err := httpserver.Listen(ctx, httpserver.Socket{
		Address:         s.Listen,
		CertificateFile: s.TLSCertificateFile,
		KeyFile:         s.TLSKeyFile,
		Log:             log,
	})
	if err != nil {
		return err
	}

	told, stop, err := notices(a, s, log)
	if err != nil {
		return err
	}
	defer stop()
	handler, err := guarded(a, credentials, denials, told, s, log)
	if err != nil {
		return err
	}

	log.Info("listening", "address", listener.Addr().String())
	ready(listener.Addr().String())
	all, running := errgroup.WithContext(ctx)
	all.Go(func() error { return upkeep(running, a, s, log) })
	all.Go(func() error { return httpserver.Run(running, listener, handler, log) })
	all.Go(func() error { denials.Keep(running, flushEvery, log); return nil })
	err = all.Wait()
	lastDenials(ctx, denials, log)
	return err
}

const (
	// flushEvery is how often refused attempts of minutes that are over are put on record.
	flushEvery = 15 * time.Second
	// lastFlush is how long a server that stops takes for the rest: it has ten seconds in all.
	lastFlush = 2 * time.Second
)

// lastDenials puts on record what was counted, once no request comes any more.
func lastDenials(ctx context.Context, denials *audit.Denials, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	if err := denials.Close(ctx); err != nil {
		log.Warn("refused attempts are not on record", "error", err)
	}
}

// guarded answers HTTP: who has a credential reaches the executor.
func guarded(
	a adapters, credentials *authn.Authenticator, denials *audit.Denials, told *httpserver.Notices, s config.Serve,
	log *slog.Logger,
) (http.Handler, error) {
	contract, err := schema.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the contract: %w", err)
	}

	graphQL := executor(a, contract, denials, s, log)
	resources, err := routes(graphQL, a, log)
	if err != nil {
		return nil, err
	}

	open, err := pages(s)
	if err != nil {
		return nil, err
	}

	handler := httpserver.NewHandler(httpserver.Options{
		GraphQL:        graphQL,
		REST:           resources,
		Authenticate:   credentials.Authenticate,
		Ready:          a.db.Ping,
		Log:            log,
		Hosts:          s.Hosts(),
		TrustedProxies: s.Proxies(),
		Origins:        s.AllowedOrigins,
		Pages:          open,
		Notices:        told,
		Contract:       schema.Print(contract),
	})
	if s.TLSEndsInFront {
		handler = httpserver.BehindTLS(handler)
	}

	return handler, nil
}

// pages are what browsers may open: always the documentation, and the playground if the settings say so. That of `dev`
// offers its demo user's token.
func pages(s config.Serve) (map[string]http.Handler, error) {
	open, err := docs.Pages()
	if err == nil && s.Playground {
		maps.Copy(open, playground.Pages(s.Dev.DemoTokenURL))
	}

	return open, err
}
