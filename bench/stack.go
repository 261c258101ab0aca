package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/postgres"
)

// stack is the server and the bare one, each in its own process, on the same embedded backends in a third.
type stack struct {
	dir      string
	binary   string
	instance instance
	backends *process
	server   *process
	address  string
}

// instance is what the backends say of themselves.
type instance struct {
	DatabaseURL, MigrateDatabaseURL, OIDCIssuer, OIDCAudience, GCPProject         string
	SigningKeyFile, ServerKeyFile, GCSEndpoint, SecretManagerEndpoint, BearerFile string
	Region                                                                        config.Region
}

// settings are those of a server on the backends.
func (i instance) settings() config.Serve {
	return config.Serve{
		Stores: config.Stores{
			DatabaseURL: i.DatabaseURL,
			GCPProject:  i.GCPProject,
			Regions:     []config.Region{i.Region},
			Dev: config.Emulators{
				GCSEndpoint:           i.GCSEndpoint,
				SecretManagerEndpoint: i.SecretManagerEndpoint,
				BearerFile:            i.BearerFile,
			},
		},
		Listen:         "127.0.0.1:0",
		OIDCIssuer:     i.OIDCIssuer,
		OIDCAudience:   i.OIDCAudience,
		SigningKeyFile: i.SigningKeyFile,
		ServerKeyFile:  i.ServerKeyFile,
		MaxUploadBytes: 5 << 30,
		MaxAnswerBytes: 10 << 20,
	}
}

// start builds the program, and starts the backends.
func start(ctx context.Context) (*stack, error) {
	dir, err := os.MkdirTemp("", "data-api-bench-")
	s := &stack{dir: dir, binary: filepath.Join(dir, "data-api")}
	if err != nil {
		return s, err
	}

	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // Postgres runs as another account below it
		return s, err
	}

	say("Building the server…")
	//nolint:gosec // the path is this function's
	build := exec.CommandContext(ctx, "go", "build", "-tags", "dev", "-o", s.binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return s, fmt.Errorf("building: %w\n%s", err, out)
	}

	say("Starting the embedded backends…")
	state := filepath.Join(dir, "state")
	if s.backends, err = launch(ctx, filepath.Join(dir, "backends.log"), "ready", nil, s.binary, "backends",
		"--state-dir", state); err != nil {
		return s, err
	}

	raw, err := os.ReadFile(filepath.Join(state, "instance.json"))
	if err := errors.Join(err, json.Unmarshal(raw, &s.instance)); err != nil {
		return s, err
	}

	_, err = postgres.Migrate(ctx, s.instance.MigrateDatabaseURL)
	return s, err
}

// serve starts the server on a database. It does nothing but answer: upkeep would come into some turns and not others.
// One caller asks for all that there is, without a limit of points.
func (s *stack) serve(ctx context.Context, database string) (err error) {
	i := s.instance
	s.server, err = launch(ctx, filepath.Join(s.dir, "server.log"), "listening", nil, s.binary, "serve", "--no-jobs",
		"--listen", "127.0.0.1:0", "--drain-for", "0s", "--max-points-per-minute", "0", "--database-url", database,
		"--oidc-issuer", i.OIDCIssuer, "--oidc-audience", i.OIDCAudience,
		"--gcp-project", i.GCPProject, "--regions", i.Region.String(), "--signing-key-file", i.SigningKeyFile,
		"--server-key-file", i.ServerKeyFile, "--gcs-endpoint", i.GCSEndpoint,
		"--secretmanager-endpoint", i.SecretManagerEndpoint, "--backend-bearer-file", i.BearerFile)
	if err != nil {
		return err
	}

	line, _ := s.server.line("listening")
	var said struct{ Address string }
	err = json.Unmarshal([]byte(line), &said)
	s.address = said.Address
	return err
}

func (s *stack) stop() error {
	return errors.Join(s.server.stop(), s.backends.stop(), os.RemoveAll(s.dir))
}
