package dev

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/config"
	embeddedgcs "github.com/provenanceone/data-api/internal/embedded/gcs"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	embeddedpostgres "github.com/provenanceone/data-api/internal/embedded/postgres"
	embeddedsecretmanager "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/gcs"
)

// BackendsCommand is `data-api backends`.
type BackendsCommand struct {
	stateDir
}

// Run starts the embedded backends, and stops them when ctx ends.
func (c BackendsCommand) Run(ctx context.Context, s Streams) error {
	dir, err := c.path()
	if err != nil {
		return err
	}

	b, err := startBackends(ctx, dir, slog.New(slog.NewTextHandler(s.Err, &slog.HandlerOptions{Level: slog.LevelWarn})),
		progress(s.Err))
	if err != nil {
		return err
	}

	fmt.Fprintln(s.Out, "# The backends are ready. A server on them, in another terminal: paste these lines, then "+
		"run `data-api serve`.")
	if err := b.export(s.Out); err != nil {
		return errors.Join(err, b.stop(context.WithoutCancel(ctx)))
	}

	select {
	case <-ctx.Done():
	case <-b.postgres.Done():
		err = errors.New("postgres has ended; its log is " + filepath.Join(dir, "postgres", "postgres.log"))
	}

	return errors.Join(err, b.stop(context.WithoutCancel(ctx)))
}

// quote makes a text one word of a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// progress prints a line before something slow.
func progress(w interface{ Write([]byte) (int, error) }) func(string) {
	return func(line string) { fmt.Fprintln(w, line) }
}

// backends are the embedded stand-ins of Postgres, Google Cloud Storage, Secret Manager and an identity provider.
type backends struct {
	instance
	dir      string
	issuer   *oidc.Issuer
	postgres *embeddedpostgres.Cluster
	closers  []func() error
}

// startBackends starts all backends at their addresses of the last run, and returns once they answer.
func startBackends(ctx context.Context, dir string, log *slog.Logger, progress func(string)) (*backends, error) {
	b := &backends{dir: dir}
	err := b.start(ctx, log, progress)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting backends: %w", err), b.stop(context.WithoutCancel(ctx)))
	}

	return b, nil
}

func (b *backends) start(ctx context.Context, log *slog.Logger, progress func(string)) error {
	//nolint:gosec // Postgres runs as another account below it; each part closes its own directory
	if err := os.MkdirAll(b.dir, 0o711); err != nil {
		return err
	}

	before, err := stateDir{StateDir: b.dir}.load()
	if err != nil {
		return err
	}

	b.instance = before
	k, err := makeKeys(filepath.Join(b.dir, "keys"))
	if err != nil {
		return err
	}

	b.SigningKeyFile, b.ServerKeyFile, b.BearerFile = k.signing, k.server, k.bearer
	b.OIDCAudience, b.GCPProject = "data-api", "embedded"
	b.Region = config.Region{Name: "europe-west1", Bucket: "embedded-europe-west1", Location: "europe-west1"}
	if err := b.startAll(ctx, k, log, progress); err != nil {
		return err
	}

	if err := b.makeBucket(ctx, k); err != nil {
		return err
	}

	return b.save(b.dir)
}

func (b *backends) startAll(ctx context.Context, k keys, log *slog.Logger, progress func(string)) error {
	var storage *embeddedgcs.Server
	var vault *embeddedsecretmanager.Server
	var err error
	b.issuer, err = oidc.Start(ctx, oidc.Options{
		Dir:      filepath.Join(b.dir, "oidc"),
		Listen:   anyPort(hostPort(b.OIDCIssuer)),
		Audience: b.OIDCAudience,
		Users:    demoUsers(),
		Log:      log,
	})
	if err != nil {
		return err
	}

	b.closers, b.OIDCIssuer = append(b.closers, b.issuer.Close), b.issuer.URL()
	b.allowPages(defaultListen) // where `serve` listens; `dev` knows better once it does
	mint, err := minter(b.dir, b.OIDCIssuer)
	if err != nil {
		return err
	}

	var group errgroup.Group
	group.Go(func() (err error) {
		b.postgres, err = embeddedpostgres.Start(ctx, embeddedpostgres.Options{
			Dir:      filepath.Join(b.dir, "postgres"),
			Log:      log,
			Progress: progress,
		})
		return err
	})
	group.Go(func() (err error) {
		storage, err = embeddedgcs.Start(ctx,
			embeddedgcs.Options{
				Dir:     filepath.Join(b.dir, "gcs"),
				Listen:  hostPort(b.GCSEndpoint),
				Mint:    mint,
				Bearer:  k.token,
				Signers: map[string]*rsa.PublicKey{signerEmail: k.signer},
				Log:     log,
			})
		return err
	})
	group.Go(func() (err error) {
		vault, err = embeddedsecretmanager.Start(ctx,
			embeddedsecretmanager.Options{
				Dir:    filepath.Join(b.dir, "secretmanager"),
				Listen: anyPort(b.SecretManagerEndpoint),
				Bearer: k.token,
				Log:    log,
			})
		return err
	})
	err = group.Wait()
	if storage != nil {
		b.closers, b.GCSEndpoint = append(b.closers, storage.Close), storage.URL()
	}

	if vault != nil {
		b.closers, b.SecretManagerEndpoint = append(b.closers, vault.Close), vault.Addr()
	}

	if b.postgres != nil {
		b.DatabaseURL = b.postgres.URL(embeddedpostgres.App, embeddedpostgres.Database)
		b.MigrateDatabaseURL = b.postgres.URL(embeddedpostgres.Owner, embeddedpostgres.Database)
	}

	return err
}

// hostPort is the address of a URL; empty for an empty one.
func hostPort(url string) string { return strings.TrimPrefix(url, "http://") }

// anyPort is the address, or any free port of loopback for an empty one.
func anyPort(address string) string {
	if address == "" {
		return "127.0.0.1:0"
	}

	return address
}

func (b *backends) makeBucket(ctx context.Context, k keys) error {
	signer, err := gcs.LoadSigner(k.signing)
	if err != nil {
		return err
	}

	store, err := gcs.New(ctx, gcs.Options{
		Buckets:  map[string]string{b.Region.Name: b.Region.Bucket},
		Signer:   signer,
		Endpoint: b.GCSEndpoint,
		Bearer:   k.token,
		Project:  b.GCPProject,
	})
	if err != nil {
		return err
	}

	return errors.Join(store.EnsureBucket(ctx, b.Region.Name), store.Close())
}

// stop ends the running backends, the last one started first.
func (b *backends) stop(ctx context.Context) error {
	var errs []error
	for _, closer := range b.closers {
		errs = append(errs, closer())
	}

	if b.postgres != nil {
		errs = append(errs, b.postgres.Stop(ctx))
	}

	return errors.Join(errs...)
}
