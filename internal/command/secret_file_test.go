package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestSecretFile_OfASettingWithASecret_IsReadUnlessAFlagSaysOtherwise sets variables, so it is not parallel.
func TestSecretFile_OfASettingWithASecret_IsReadUnlessAFlagSaysOtherwise(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	testkit.Must(t, os.WriteFile(file, []byte("postgres://app:hunter2@db.example/x\n"), 0o600))
	t.Setenv("DATA_API_DATABASE_URL_FILE", file)
	parse := func(args ...string) (string, error) {
		var root commands
		parser, err := newParser(&root)
		testkit.Must(t, err)
		_, err = parser.Parse(append([]string{"serve"}, args...))
		return root.Serve.DatabaseURL, err
	}

	got, err := parse()
	if err != nil || got != "postgres://app:hunter2@db.example/x" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err = parse("--database-url", "postgres://flag"); err != nil || got != "postgres://flag" {
		t.Errorf("beside the flag: %q, %v", got, err)
	}

	t.Setenv("DATA_API_DATABASE_URL", "postgres://variable")
	if _, err = parse(); err == nil || !strings.Contains(err.Error(),
		"DATA_API_DATABASE_URL and DATA_API_DATABASE_URL_FILE are both set: keep one") {
		t.Errorf("beside the variable: %v", err)
	}
	t.Setenv("DATA_API_DATABASE_URL", "")
	t.Setenv("DATA_API_DATABASE_URL_FILE", file+"x")
	if _, err = parse(); err == nil || !strings.Contains(err.Error(), "DATA_API_DATABASE_URL_FILE: open") {
		t.Errorf("of a file that is not there: %v", err)
	}
}

func TestStrayVariables_FilesOfSettings_AreOfSecretsAlone(t *testing.T) {
	t.Parallel()
	parser, err := newParser(&commands{})
	testkit.Must(t, err)
	got := strayVariables([]string{"DATA_API_DATABASE_URL_FILE=x", "DATA_API_MIGRATE_DATABASE_URL_FILE=x",
		"DATA_API_GCP_PROJECT_FILE=x"}, parser.Model)
	if want := []string{"DATA_API_GCP_PROJECT_FILE is no setting, and was not read."}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
