package dev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/fault"
)

// instance describes a set of embedded backends to other processes; the state directory holds it.
type instance struct {
	DatabaseURL           string        `json:"databaseUrl"`
	MigrateDatabaseURL    string        `json:"migrateDatabaseUrl"`
	OIDCIssuer            string        `json:"oidcIssuer"`
	OIDCAudience          string        `json:"oidcAudience"`
	GCPProject            string        `json:"gcpProject"`
	Region                config.Region `json:"region"`
	SigningKeyFile        string        `json:"signingKeyFile"`
	ServerKeyFile         string        `json:"serverKeyFile"`
	GCSEndpoint           string        `json:"gcsEndpoint"`
	SecretManagerEndpoint string        `json:"secretManagerEndpoint"`
	BearerFile            string        `json:"bearerFile"`
	// Listen is where the API of this instance listens, once `dev` has run.
	Listen string `json:"listen,omitempty"`
}

// settings are those of a server on these backends.
func (i instance) settings(listen string) config.Serve {
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
		Listen:             listen,
		MigrateDatabaseURL: i.MigrateDatabaseURL,
		OIDCIssuer:         i.OIDCIssuer,
		OIDCAudience:       i.OIDCAudience,
		SigningKeyFile:     i.SigningKeyFile,
		ServerKeyFile:      i.ServerKeyFile,
		Events: config.Events{
			Audience:       eventsAudience,
			ServiceAccount: eventsAccount,
			Issuer:         i.OIDCIssuer,
		},
		MaxUploadBytes: 5 << 30,
		MaxAnswerBytes: 10 << 20,
		MaxSockets:     100,
		Requests:       config.Requests{PointsPerMinute: 1_200_000},
		OpenWorkspaces: true,
		Playground:     true,
		Console:        true,
		Identity:       config.Identity{SignInClient: oidc.ClientID},
		Jobs:           true,
		AllowedOrigins: []string{"http://localhost:*", "http://127.0.0.1:*"},
	}
}

// environment returns those settings as variables of `data-api serve`.
func (i instance) environment() [][2]string {
	return [][2]string{
		{"DATA_API_DATABASE_URL", i.DatabaseURL}, {"DATA_API_MIGRATE_DATABASE_URL", i.MigrateDatabaseURL},
		{"DATA_API_OIDC_ISSUER", i.OIDCIssuer}, {"DATA_API_OIDC_AUDIENCE", i.OIDCAudience},
		{"DATA_API_SIGN_IN_CLIENT", oidc.ClientID}, {"DATA_API_GCP_PROJECT", i.GCPProject},
		{"DATA_API_EVENTS_AUDIENCE", eventsAudience}, {"DATA_API_EVENTS_SERVICE_ACCOUNT", eventsAccount},
		{"DATA_API_EVENTS_ISSUER", i.OIDCIssuer},
		{"DATA_API_REGIONS", i.Region.String()}, {"DATA_API_SIGNING_KEY_FILE", i.SigningKeyFile},
		{"DATA_API_SERVER_KEY_FILE", i.ServerKeyFile},
		{"DATA_API_GCS_ENDPOINT", i.GCSEndpoint}, {"DATA_API_SECRETMANAGER_ENDPOINT", i.SecretManagerEndpoint},
		{"DATA_API_BACKEND_BEARER_FILE", i.BearerFile},
	}
}

// export writes those variables as lines of a shell.
func (i instance) export(w io.Writer) error {
	for _, v := range i.environment() {
		if _, err := fmt.Fprintf(w, "export %s=%s\n", v[0], quote(v[1])); err != nil {
			return err
		}
	}

	return nil
}

// stateDir places an instance.
type stateDir struct {
	StateDir string `type:"path" placeholder:"DIR" help:"Where the instance keeps everything (root: /var/lib/provenanceone-data-api; others: $XDG_STATE_HOME/provenanceone-data-api)."`
}

// path returns the state directory, absolute.
func (s stateDir) path() (string, error) {
	if s.StateDir != "" {
		return filepath.Abs(s.StateDir)
	}

	if os.Geteuid() == 0 {
		return "/var/lib/provenanceone-data-api", nil
	}

	if xdg := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "provenanceone-data-api"), nil
	}

	home, err := os.UserHomeDir()
	if err != nil {
		return "", fault.New(fault.Invalid, "There is no home directory to keep state in: name a directory with "+
			"--state-dir.").Because(err)
	}

	return filepath.Join(home, ".local", "state", "provenanceone-data-api"), nil
}

// load reads the instance; the zero value if it has never run.
func (s stateDir) load() (i instance, err error) {
	dir, err := s.path()
	if err != nil {
		return i, err
	}

	raw, err := os.ReadFile(filepath.Join(dir, "instance.json"))
	if errors.Is(err, os.ErrNotExist) {
		return i, nil
	}

	if err != nil {
		return i, err
	}

	if err := json.Unmarshal(raw, &i); err != nil {
		return i, fmt.Errorf("reading %s: %w", filepath.Join(dir, "instance.json"), err)
	}

	return i, nil
}

// running is load for commands that need an instance to be there.
func (s stateDir) running() (instance, error) {
	i, err := s.load()
	if err == nil && i.OIDCIssuer == "" {
		dir, _ := s.path() // load has found it
		err = fault.New(fault.NotFound, "There is no instance in %s: start one with `make run`, or name another with "+
			"--state-dir.", dir)
	}

	return i, err
}

// save writes the instance for other processes, whole or not at all.
func (i instance) save(dir string) error {
	raw, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return err
	}

	return writeFile(filepath.Join(dir, "instance.json"), append(raw, '\n'))
}

// writeFile writes a file that only its owner reads; a crash leaves the old one or the new one.
func writeFile(path string, content []byte) error {
	next := path + ".next"
	if err := os.WriteFile(next, content, 0o600); err != nil {
		return err
	}

	return os.Rename(next, path)
}
