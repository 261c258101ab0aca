package e2e

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// setLimit changes acme's quota as an operator does, and returns what the command prints.
func (w *world) setLimit(limit string) (string, error) {
	out, err := exec.CommandContext(w.t.Context(), w.binary, "workspaces", "set-limit", "--database-url",
		w.setting("databaseUrl"),
		"--workspace", w.acme.String(), "--limit", limit).CombinedOutput()
	return string(out), err
}

func (w *world) mustSetLimit(limit, want string) {
	w.t.Helper()
	if out, err := w.setLimit(limit); err != nil || out != want {
		w.t.Fatalf("the limit %s: %v\n got %swant %s", limit, err, out, want)
	}
}

func TestWorkspacesSetLimit_CountsAtOnceAndIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	w.mustSetLimit("1KiB", "limit: 1024 bytes, before: none; used: 0, reserved: 0\n")
	datastore := w.do(admin, `mutation { createDatastore(input: {name: "d"}) { datastore { id } } }`, nil).
		text("data", "createDatastore", "datastore", "id")
	begin := `mutation($d: ID!, $n: BigInt!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "a/b", maxBytes: $n}) { upload { id } } }`
	if a := w.do(admin, begin, map[string]any{"d": datastore, "n": "1025"}); a.code() != "QUOTA_EXCEEDED" {
		t.Errorf("a byte too many: %s", a.body)
	}
	if a := w.do(admin, begin, map[string]any{"d": datastore, "n": "1024"}); a.code() != "" {
		t.Errorf("all there is: %s", a.body)
	}
	w.mustSetLimit("10", "limit: 10 bytes, before: 1024; used: 0, reserved: 1024\n")
	w.mustSetLimit("none", "limit: none bytes, before: 10; used: 0, reserved: 1024\n")
	if a := w.do(admin, begin, map[string]any{"d": datastore, "n": "1048576"}); a.code() != "" {
		t.Errorf("without a limit: %s", a.body)
	}
	a := w.do(admin, `{ auditEvents(first: 1, filter: {action: "workspace.limit_set"}) { nodes { risk actor { kind label } targetLabel details } } }`, nil)
	for _, want := range []string{`"SYSTEM"`, `"operator"`, `"MEDIUM"`, `"acme"`, `"limitBytesBefore":10`,
		`"limitBytes":null`} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("the record lacks %s: %s", want, a.body)
		}
	}
	for _, bad := range []string{"-1", "10GB", ""} {
		if out, err := w.setLimit(bad); err == nil || !strings.Contains(out, "--limit") {
			t.Errorf("%q: %v %s", bad, err, out)
		}
	}
	unknown := *w
	unknown.acme = authz.NewWorkspaceID()
	if out, err := unknown.setLimit("1"); err == nil || !strings.Contains(out, "gone") {
		t.Errorf("an unknown workspace: %v %s", err, out)
	}
}

// race is a datastore of acme's with one object, and clients that ask for room in it.
type race struct {
	*world
	admin     credential
	datastore string
}

// newRace stores an object of so many bytes at the key seed.
func newRace(w *world, size int) race {
	r := race{world: w, admin: w.user("acme", authz.Admin)}
	r.datastore = w.do(r.admin, `mutation { createDatastore(input: {name: "d"}) { datastore { id } } }`, nil).
		text("data", "createDatastore", "datastore", "id")
	a := w.do(r.admin, askRoom, r.asking("seed", size))
	if state := r.finish(a, size); state != "COMPLETED" {
		w.t.Fatalf("the seed is %s", state)
	}
	return r
}

const (
	askRoom = `mutation($d: ID!, $k: String!, $n: BigInt!) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: "text/csv", maxBytes: $n}) { url upload { id } } }`
	askCopy = `mutation($d: ID!, $k: String!) { copyObject(input: {datastoreId: $d, key: "seed", targetDatastoreId: $d, targetKey: $k}) { version { id } } }`
)

func (r race) asking(key string, size int) map[string]any {
	return map[string]any{"d": r.datastore, "k": key, "n": strconv.Itoa(size)}
}

// finish sends the bytes of an upload and completes it, and returns its state.
func (r race) finish(begun answer, size int) string {
	r.t.Helper()
	r.put(begun.text("data", "createUploadURL", "url"), "text/csv", int64(size),
		strings.NewReader(strings.Repeat("x", size)), 200)
	a := r.do(r.admin, `mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { upload { state } } }`,
		map[string]any{"u": begun.text("data", "createUploadURL", "upload", "id")})
	return a.text("data", "completeUpload", "upload", "state")
}

func (r race) wantUsage(used, reserved int) {
	r.t.Helper()
	a := r.do(r.admin, `{ workspace { usage { usedBytes reservedBytes } } }`, nil)
	if a.text("data", "workspace", "usage", "usedBytes") != strconv.Itoa(used) ||
		a.text("data", "workspace", "usage", "reservedBytes") != strconv.Itoa(reserved) {
		r.t.Errorf("want %d used, %d reserved: %s", used, reserved, a.body)
	}
}

// TestQuota_SixtyFourForTheLastMegabyte_NeverOvershoots lets clients race for what is left, by uploads and by copies;
// what was reserved is given back on cancellation and on rejection.
func TestQuota_SixtyFourForTheLastMegabyte_NeverOvershoots(t *testing.T) {
	t.Parallel()
	const each, room = 100 << 10, 1 << 20
	w := newWorld(t, shared)
	r := newRace(w, each)
	w.mustSetLimit(strconv.Itoa(each+room),
		fmt.Sprintf("limit: %d bytes, before: none; used: %d, reserved: 0\n", each+room, each))
	var answers [64]answer
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			document, variables := askRoom, r.asking(strconv.Itoa(i), each)
			if i%2 == 1 {
				document = askCopy
				delete(variables, "n")
			}
			var err error
			if answers[i], err = w.send(r.admin, operation(document, variables)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var copies int
	var begun []answer
	for i, a := range answers {
		switch {
		case a.code() == "" && i%2 == 1:
			copies++
		case a.code() == "":
			begun = append(begun, a)
		case a.code() != "QUOTA_EXCEEDED":
			t.Errorf("got %s", a.body)
		}
	}
	if won := copies + len(begun); won != room/each {
		t.Errorf("%d won", won)
	}
	r.wantUsage((1+copies)*each, len(begun)*each)
	w.do(r.admin, `mutation($d: ID!) { updateDatastore(input: {datastoreId: $d, contentTypes: ["image/*"]}) { datastore { id } } }`, map[string]any{"d": r.datastore})
	for i, a := range begun {
		if i%2 == 1 {
			if state := r.finish(a, each); state != "REJECTED" {
				t.Errorf("an upload that is not taken any more is %s", state)
			}
			continue
		}
		w.do(r.admin, `mutation($u: ID!) { cancelUpload(input: {uploadId: $u}) { upload { state } } }`,
			map[string]any{"u": a.text("data", "createUploadURL", "upload", "id")})
	}
	r.wantUsage((1+copies)*each, 0)
}
