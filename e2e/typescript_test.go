package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/childproc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// mostOfNode is what a Node.js may take that moves a large file, in bytes: about 60 MiB of its own, parts of 8 MiB, and
// those that it has not collected yet.
const mostOfNode = 300 << 20

// TestTypeScript_AgainstTheServer_DoesItsWork runs the tests of client/ts: those that need no server, and those that
// list, upload, read and reveal on one.
func TestTypeScript_AgainstTheServer_DoesItsWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.typescript(nil, "--test", "--test-reporter=spec", "test/units.test.js", "test/server.test.js")
}

// TestTypeScript_LargeFile_TakesConstantMemory sends 50 MB up and down, or 1 GiB at full size, and breaks both off in
// the middle.
func TestTypeScript_LargeFile_TakesConstantMemory(t *testing.T) {
	t.Parallel()
	size := int64(50_000_000)
	if atFullSize() {
		size = 1 << 30
	}
	w := newWorld(t, shared)

	out := w.typescript([]string{"DATA_API_FILE=" + binary(t, size)}, "test/large.js")
	var said struct{ PeakBytes int64 }
	testkit.Must(t, json.Unmarshal([]byte(lastLine(out)), &said))
	fmt.Printf("%d MB up and down by the TypeScript client: peak memory of Node.js %d MiB\n", size/1e6, said.PeakBytes>>20)
	if said.PeakBytes == 0 || said.PeakBytes > mostOfNode {
		t.Errorf("the memory of Node.js reached %d MiB", said.PeakBytes>>20)
	}
}

// typescript runs Node.js in client/ts, which finds in its environment where the server is, and an admin's token.
func (w *world) typescript(environment []string, arguments ...string) []byte {
	w.t.Helper()
	for _, file := range []string{"../client/ts/node_modules/graphql/package.json", "../client/ts/dist/index.js"} {
		if _, err := os.Stat(file); err != nil && os.Getenv("CI") == "true" {
			w.t.Fatalf("there is no %s here, which tools/browser.sh makes", file)
		} else if err != nil {
			w.t.Skipf("there is no %s here, which tools/browser.sh makes: the TypeScript client is not tried", file)
		}
	}

	cmd := exec.CommandContext(w.t.Context(), "node", arguments...)
	cmd.Dir = "../client/ts"
	cmd.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	cmd.Env = append(append(os.Environ(), environment...), "DATA_API_ENDPOINT=http://"+w.address+"/graphql",
		"DATA_API_STORAGE="+w.setting("gcsEndpoint"), "DATA_API_TOKEN="+w.token("acme", authz.Admin),
		"DATA_API_SECRET="+w.canaries.add("typescript"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	return out
}
