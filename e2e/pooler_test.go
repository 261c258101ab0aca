package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestPooler_InEitherMode_ServesOrSaysWhatToChange has the pooler of a running server switched, too.
func TestPooler_InEitherMode_ServesOrSaysWhatToChange(t *testing.T) {
	t.Parallel()
	direct := shared.setting("databaseUrl")
	pooler := pgtest.NewPooler(t, direct, "transaction")
	through := pooler.URL(direct)
	const change = "set its pool_mode to session, or connect to Postgres directly."
	if p, err := shared.serve(shared.binary, "pooler-transaction", "--database-url", through); err == nil {
		t.Errorf("it serves behind a pooler that shares sessions: %v", p.stop())
	} else if !strings.Contains(err.Error(), change) {
		t.Errorf("got %v", err)
	}
	pooler.Restart("session")
	p, err := shared.serve(shared.binary, "pooler-session", "--no-jobs", "--database-url", through)
	testkit.Must(t, err)
	defer func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}()
	if status, said := readiness(t, p); status != http.StatusOK || said != `{"status":"ready"}` {
		t.Errorf("got %d %s", status, said)
	}
	pooler.Restart("transaction")
	status, said := readiness(t, p)
	if status != http.StatusServiceUnavailable || !strings.HasPrefix(said, `{"status":"unavailable","reason":"`) ||
		!strings.Contains(said, change) {
		t.Errorf("got %d %s: %s", status, said, p.said())
	}
}

func TestServe_WrongDatabase_IsNamed(t *testing.T) {
	t.Parallel()
	wrong := strings.Replace(shared.setting("databaseUrl"), "/data_api?", "/not_there?", 1)
	p, err := shared.serve(shared.binary, "wrong-database", "--database-url", wrong)
	if err == nil {
		t.Fatal(p.stop())
	}
	if !strings.Contains(err.Error(), `There is no database "not_there" on that server: correct the database URL.`) ||
		strings.Contains(err.Error(), "Try again") {
		t.Errorf("got %v", err)
	}
}

func readiness(t *testing.T, p *process) (status int, said string) {
	t.Helper()
	response, err := http.Get("http://" + p.address + "/readyz")
	testkit.Must(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	testkit.Must(t, err)
	return response.StatusCode, strings.TrimSpace(string(body))
}
