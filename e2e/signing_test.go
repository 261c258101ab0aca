package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// signer is the service account that the backends know.
func (s *stack) signer(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(s.setting("signingKeyFile"))
	testkit.Must(t, err)
	var file struct {
		Email string `json:"client_email"`
	}
	if err := json.Unmarshal(raw, &file); err != nil || file.Email == "" {
		t.Fatalf("no account in the key file: %v", err)
	}
	return file.Email
}

// TestSigning_ByIAM_GoesUpAndComesDown runs a server that has no key file.
func TestSigning_ByIAM_GoesUpAndComesDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.address = shared.serveWith(t, "signed-by-iam", "--signing-service-account", shared.signer(t)).address
	path := filepath.Join(t.TempDir(), "small.csv")
	testkit.Must(t, os.WriteFile(path, []byte("day,amount\n"), 0o600))
	w.roundTrip(w.newDatastore(), "small.csv", "text/csv", path)
}

// TestSigning_AnotherKeyOfTheAccount_LeavesURLsThatAreOut replaces a server by one that signs with another key of the
// same account, IAM's: what either has signed is good, and the other server settles it.
func TestSigning_AnotherKeyOfTheAccount_LeavesURLsThatAreOut(t *testing.T) {
	t.Parallel()
	before := newWorld(t, shared)
	later := *before
	after := &later
	after.address = shared.serveWith(t, "another-signing-key", "--signing-service-account", shared.signer(t)).address
	who, in := before.user("acme", authz.Editor), before.newDatastore()
	for by, other := range map[*world]*world{before: after, after: before} {
		l := by.landing(who, in, by.address, nil)
		if status := other.putAs(l, "day\n"); status != http.StatusOK {
			t.Errorf("what %s has signed is answered %d", by.address, status)
		}
		a := other.do(who, `mutation($id: ID!) { completeUpload(input: {uploadId: $id}) { upload { state } } }`,
			map[string]any{"id": l.id})
		if state := a.text("data", "completeUpload", "upload", "state"); state != "COMPLETED" {
			t.Errorf("the upload by %s is settled as %s", by.address, a.body)
		}
	}
}

func (w *world) newDatastore() (id string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Editor),
		`mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`, nil)
	return a.text("data", "createDatastore", "datastore", "id")
}

// TestSigning_ByNobody_ReservesNothing runs a server that signs as an account which IAM does not let it sign as.
func TestSigning_ByNobody_ReservesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.address = shared.serveWith(t, "signed-by-nobody", "--signing-service-account",
		"nobody@embedded.iam.gserviceaccount.com").address
	datastore := w.newDatastore()
	a := w.do(w.user("acme", authz.Editor),
		`mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "text/csv", maxBytes: "9"}) { url } }`,
		map[string]any{"d": datastore})
	if a.code() != "UNAVAILABLE" ||
		!strings.Contains(string(a.body), "no upload URL was made, and nothing was reserved") {
		t.Errorf("got %s", a.body)
	}
	a = w.do(w.user("acme", authz.Admin),
		`query($d: ID!) { viewer { workspace { usage { reservedBytes } } } datastore(id: $d) { uploads(state: OPEN) { nodes { id } } }
		auditEvents(filter: {action: "datastore.upload_url_created"}) { nodes { id } } }`,
		map[string]any{"d": datastore})
	if want := `{"data":{"viewer":{"workspace":{"usage":{"reservedBytes":"0"}}},"datastore":{"uploads":{"nodes":[]}},"auditEvents":{"nodes":[]}}}`; string(a.body) != want {
		t.Errorf("afterwards there is %s", a.body)
	}
}
