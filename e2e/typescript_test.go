package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/childproc"
	"github.com/provenanceone/data-api/internal/testkit"
)

const (
	// mostUsed is how many bytes of buffers a Node.js may use that moves a large file: a part of 8 MiB, the copy that is
	// under way, and what the proxy between holds.
	mostUsed = 32 << 20
	// mostOfNode is its peak memory in bytes: about 60 MiB of its own, and buffers that it has not collected yet. How many
	// these are depends on the machine.
	mostOfNode = 300 << 20
)

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

	out := w.typescript([]string{"DATA_API_FILE=" + binary(t, size)}, "--expose-gc", "test/large.js")
	var said struct{ UsedBytes, PeakBytes int64 }
	testkit.Must(t, json.Unmarshal([]byte(lastLine(out)), &said))
	fmt.Printf("%d MB up and down by the TypeScript client: at most %d MiB of buffers in use, %d MiB of memory\n",
		size/1e6, said.UsedBytes>>20, said.PeakBytes>>20)
	if said.UsedBytes == 0 || said.UsedBytes > mostUsed {
		t.Errorf("%d MiB of buffers were in use", said.UsedBytes>>20)
	}
	if atFullSize() && said.PeakBytes > mostOfNode {
		t.Errorf("the memory of Node.js reached %d MiB", said.PeakBytes>>20)
	}
}

// TestTypeScript_FromAnEmptyFolder_DoesWhatItsPageSays installs what is packed, without a network, and runs the program
// of docs/guide/clients.md.
func TestTypeScript_FromAnEmptyFolder_DoesWhatItsPageSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.needTypeScript()
	page, err := os.ReadFile("../docs/guide/clients.md")
	testkit.Must(t, err)
	_, program, found := strings.Cut(string(page), "```ts\n")
	program, _, _ = strings.Cut(program, "```\n")
	if !found || strings.Count(program, "\n") > 30 {
		t.Fatalf("the page has no program, or a long one:\n%s", program)
	}

	client, err := filepath.Abs("../client/ts")
	testkit.Must(t, err)
	dir := t.TempDir()
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "main.ts"), []byte(program), 0o600))
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600))
	out := w.node(dir, nil, "bash", "-euc", `
		npm pack --silent --ignore-scripts --pack-destination . "$1"
		npm install --silent --offline --ignore-scripts --no-audit --no-fund ./provenanceone-data-api-*.tgz
		ls node_modules
		"$1/node_modules/.bin/tsc" --strict --target es2022 --module nodenext --types node \
			--typeRoots "$1/node_modules/@types" main.ts
		node main.js`, "-", client)
	for _, want := range []string{"the same name again is CONFLICT in name\n",
		"read 25 bytes: day,amount\n2026-05-01,12\n", "listed from-typescript-", "revealed sk_test_1\n", "@provenanceone\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it did not print %q:\n%s", want, out)
		}
	}
}

// typescript runs Node.js in client/ts.
func (w *world) typescript(environment []string, arguments ...string) []byte {
	w.t.Helper()
	w.needTypeScript()
	return w.node("../client/ts", environment, append([]string{"node"}, arguments...)...)
}

// needTypeScript skips a test where the client is not built. In continuous integration it fails.
func (w *world) needTypeScript() {
	w.t.Helper()
	for _, file := range []string{"../client/ts/node_modules/graphql/package.json", "../client/ts/dist/index.js"} {
		if _, err := os.Stat(file); err != nil && os.Getenv("CI") == "true" {
			w.t.Fatalf("there is no %s here, which tools/browser.sh makes", file)
		} else if err != nil {
			w.t.Skipf("there is no %s here, which tools/browser.sh makes: the TypeScript client is not tried", file)
		}
	}
}

// node runs a command that finds in its environment where the server is, and an admin's token.
func (w *world) node(dir string, environment []string, command ...string) []byte {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), command[0], command[1:]...)
	cmd.Dir = dir
	cmd.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	cmd.Env = append(append(os.Environ(), environment...), "DATA_API_URL=http://"+w.address,
		"DATA_API_STORAGE="+w.setting("gcsEndpoint"), "DATA_API_TOKEN="+w.token("acme", authz.Admin),
		"DATA_API_SECRET="+w.canaries.add("typescript"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	return out
}
