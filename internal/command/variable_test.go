package command

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/config"
)

func TestStrayVariables_NoSettings_AreNamedWithTheNearest(t *testing.T) {
	t.Parallel()
	parser, err := newParser(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	got := strayVariables([]string{
		"PATH=/bin", "DATA_API_OIDC_ISUER=hunter2", "DATA_API_REGION=hunter2", "DATA_API_FROBNICATE=hunter2",
		"DATA_API_OIDC_ISSUER=x", "DATA_API_SIGN_IN_STORE=file", "DATA_API_URL=x", "DATA_API_STATE_DIR=x",
	}, parser.Model)
	want := []string{
		"DATA_API_FROBNICATE is no setting, and was not read.",
		"DATA_API_OIDC_ISUER is no setting, and was not read: did you mean DATA_API_OIDC_ISSUER?",
		"DATA_API_REGION is no setting, and was not read: did you mean DATA_API_REGIONS?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// TestServe_MistypedVariable_IsTold begins once with all settings, and once without the one that was mistyped.
func TestServe_MistypedVariable_IsTold(t *testing.T) {
	t.Setenv("DATA_API_OIDC_AUDIENCES", "hunter2")
	const says = "DATA_API_OIDC_AUDIENCES is no setting, and was not read: did you mean DATA_API_OIDC_AUDIENCE?"
	flags := []string{"serve", "--database-url", "postgres:///d", "--oidc-issuer", "https://id.example",
		"--gcp-project", "p", "--regions", "eu=bucket,europe-west1", "--server-key-file", "k", "--signing-key-file", "s"}
	log, err := serveBy(t, append(flags, "--oidc-audience", "a"))
	if err != nil || !strings.Contains(log, `"level":"WARN","msg":"`+says) || strings.Contains(log, "hunter2") {
		t.Errorf("with all settings it says: %v %s", err, log)
	}
	_, err = serveBy(t, flags)
	if err == nil || !strings.Contains(sentence(err), "--oidc-audience is missing") ||
		!strings.Contains(sentence(err), says) {
		t.Errorf("without one it says: %v", err)
	}
}

// serveBy runs the command with a server that does nothing, and returns its log.
func serveBy(t *testing.T, args []string) (string, error) {
	t.Helper()
	var log bytes.Buffer
	parser, err := newParser(&commands{}, kong.BindTo(t.Context(), (*context.Context)(nil)),
		kong.Bind(streams{out: &log, err: &log},
			Server(func(context.Context, config.Serve, *slog.Logger, func(string)) error { return nil })))
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	err = chosen.Run()
	return log.String(), err
}
