// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL and REST.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/httpserver/playground"
	"github.com/provenanceone/data-api/internal/memory"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve is the composition root: settings → adapters → nouns → HTTP.
func serve(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) (err error) {
	growHeap()
	if err := memory.NoCoreDumps(); err != nil {
		return err
	}
	a, err := connect(ctx, s)
	defer func() { err = errors.Join(err, a.close()) }()
	if err != nil {
		return err
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
	told, stop, err := notices(a, s, log)
	if err != nil {
		return err
	}
	defer stop()
	handler, err := guarded(a, credentials, told, s, log)
	if err != nil {
		return err
	}
	if s.InTheClear() {
		log.Warn("this server speaks plain HTTP to other machines: TLS must end in front of it", "address", s.Listen)
	}
	log.Info("listening", "address", listener.Addr().String())
	ready(listener.Addr().String())
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return upkeep(ctx, a, s, log) })
	both.Go(func() error { return httpserver.Run(ctx, listener, handler, log) })
	return both.Wait()
}

// guarded answers HTTP: who has a credential reaches the executor.
func guarded(a adapters, credentials *authn.Authenticator, told *httpserver.Notices, s config.Serve, log *slog.Logger) (http.Handler, error) {
	graphQL, err := executor(a, s, log)
	if err != nil {
		return nil, err
	}
	resources, err := routes(graphQL, a, log)
	if err != nil {
		return nil, err
	}
	return httpserver.NewHandler(httpserver.Options{
		GraphQL: graphQL, REST: resources, Authenticate: credentials.Authenticate, Ready: a.db.Ping, Log: log, Hosts: s.Hosts(), TrustedProxies: s.Proxies(),
		Origins: s.AllowedOrigins, Pages: pages(s), Notices: told,
	}), nil
}

// pages are what browsers may open, if any. Those of `dev` offer its demo user's token.
func pages(s config.Serve) map[string]http.Handler {
	if !s.Playground {
		return nil
	}
	return playground.Pages(s.Dev.DemoTokenURL)
}
