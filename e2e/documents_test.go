package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

// pageDeadline ends a page that hangs. One that installs packages may take minutes on a slow machine.
const pageDeadline = 15 * time.Minute

// TestDocuments_EveryBlock_RunsTwice pastes the sh blocks of README.md and docs/ as a newcomer does: page by page, each
// in one shell in an empty folder, twice (where packages are downloaded, once but at full size), beside an instance at
// some port, as an ordinary user. None of it touches the checkout.
func TestDocuments_EveryBlock_RunsTwice(t *testing.T) {
	t.Parallel()
	before := checkoutStatus(t)
	d := newDev(t, ordinaryUser())
	instance := d.start()
	env := d.environment(t)

	t.Cleanup(func() {
		if err := instance.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
		if after := checkoutStatus(t); after != before {
			t.Errorf("the blocks changed the checkout from\n%s\nto\n%s", before, after)
		}
	})
	for _, path := range documentPaths(t) {
		page := readDocument(t, path)
		if len(page.blocks) == 0 {
			continue
		}
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if installing[path] && !atFullSize() {
				t.Skip("make prove pastes it: it installs one library of others after the other")
			}
			if page.downloads() {
				d.needRegistries(t, env)
			}
			dir := d.folder(t)
			page.paste(t, d.account, env, dir, "first")
			if !page.downloads() || atFullSize() {
				page.paste(t, d.account, env, dir, "second")
			}
		})
	}
}

// installing are the pages that show other programs' libraries.
var installing = map[string]bool{"../docs/guide/other-clients.md": true, "../docs/guide/trusted-documents.md": true}

// ordinaryUser is nobody where root runs the tests, else nil: whoever runs them.
func ordinaryUser() *syscall.Credential {
	if os.Geteuid() == 0 {
		return &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	return nil
}

func checkoutStatus(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "-C", "..", "status", "--porcelain").CombinedOutput()
	if err != nil {
		t.Fatalf("git status: %v\n%s", err, out)
	}
	return string(out)
}

func documentPaths(t *testing.T) []string {
	t.Helper()
	paths := []string{"../README.md"}
	err := filepath.WalkDir("../docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			paths = append(paths, path)
		}
		return err
	})
	testkit.Must(t, err)
	return paths
}

// document is a page of Markdown with its blocks.
type document struct {
	path   string
	blocks []block
}

// block is a fenced sh block, and the answers that the page shows for it.
type block struct {
	line    int
	text    string
	answers []string
}

var (
	fence  = regexp.MustCompile("^( *)```([a-z]*) ?(.*)$")
	notRun = regexp.MustCompile(`^ *<!-- not run: (.+) -->$`)

	temporary = regexp.MustCompile(`/tmp\b`)
	download  = regexp.MustCompile(`(?m)^ *(npm (install|ci)|go get|go install) `)
)

// readDocument finds the sh blocks of a page. A block that cannot run so is fenced as console, or has a comment
// `<!-- not run: reason -->` in the line before. What a block prints stands below it, fenced as `json answer` or
// `text answer`.
func readDocument(t *testing.T, path string) document {
	t.Helper()
	text, err := os.ReadFile(path)
	testkit.Must(t, err)
	page, lines := document{path: path}, strings.Split(string(text), "\n")
	for i := 0; i < len(lines); i++ {
		opened := fence.FindStringSubmatch(lines[i])
		if opened == nil {
			continue
		}
		begins, content := i+1, []string(nil)
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "```"; i++ {
			content = append(content, strings.TrimPrefix(lines[i], opened[1]))
		}

		found := block{line: begins, text: strings.Join(content, "\n")}
		page.add(t, found, opened[2], opened[3], lines[max(0, begins-2)])
	}
	return page
}

// add takes a block up if it is to be run, or shows what the one before it prints.
func (p *document) add(t *testing.T, b block, language, word, above string) {
	t.Helper()
	switch reason := notRun.FindStringSubmatch(above); {
	case language == "bash" || language == "shell":
		t.Errorf("%s:%d: fence what is run as sh, and what is not as console", p.path, b.line)
	case word == "answer" && len(p.blocks) == 0:
		t.Errorf("%s:%d: nothing was run that could answer so", p.path, b.line)
	case word == "answer":
		last := &p.blocks[len(p.blocks)-1]
		last.answers = append(last.answers, b.text)
	case language == "sh" && reason != nil:
		t.Logf("%s:%d: not run: %s", p.path, b.line, reason[1])
	case language == "sh" && temporary.MatchString(b.text):
		t.Errorf("%s:%d: a block writes to /tmp, where whoever pastes it finds files of others: use mktemp",
			p.path, b.line)
	case language == "sh":
		p.blocks = append(p.blocks, b)
	}
}

// downloads is whether a page takes packages from npm or modules of Go.
func (p document) downloads() bool {
	return slices.ContainsFunc(p.blocks, func(b block) bool { return download.MatchString(b.text) })
}

// needRegistries skips a page where npm's registry or the proxy of Go's modules cannot be reached. In continuous
// integration it fails.
func (d *dev) needRegistries(t *testing.T, env []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	out, err := shell(ctx, d.account, env, d.folder(t), `
		npm view graphql version --fetch-retries=0 --fetch-timeout=30000
		go list -m golang.org/x/tools@latest`).CombinedOutput()
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("npm's registry and the proxy of Go's modules must be there: %v\n%s", err, out)
	case err != nil:
		t.Skipf("npm's registry or the proxy of Go's modules cannot be reached: %v\n%s", err, out)
	}
}

// folder makes an empty folder of the instance's account.
func (d *dev) folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(d.dir, "page-")
	if err == nil && d.account != nil {
		err = os.Chown(dir, int(d.account.Uid), int(d.account.Gid))
	}
	testkit.Must(t, err)
	return dir
}

// marker precedes the output of each block.
const marker = "=== block "

// paste runs the page's blocks one after the other in one shell, which stops at the first that fails.
func (p document) paste(t *testing.T, account *syscall.Credential, env []string, dir, nth string) {
	t.Helper()
	var script strings.Builder
	for i, b := range p.blocks {
		fmt.Fprintf(&script, "printf '\\n%s%%d\\n' %d\n%s\n", marker, i, b.text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), pageDeadline)
	defer cancel()

	began := time.Now()
	out, err := shell(ctx, account, env, dir, script.String()).CombinedOutput()
	t.Logf("the %s paste took %s", nth, time.Since(began).Round(time.Millisecond))
	if ctx.Err() != nil {
		err = errors.Join(fmt.Errorf("it took more than %s", pageDeadline), err)
	}
	out = bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n")) // headers end so
	printed := strings.Split(string(out), "\n"+marker)[1:]
	for i, text := range printed {
		_, text, _ = strings.Cut(text, "\n")
		b := p.blocks[i]
		wrong := b.check(text)
		if i == len(printed)-1 {
			wrong = cmp.Or(err, wrong)
		}
		if wrong != nil {
			t.Fatalf("%s:%d, pasted for the %s time: %v\n%s\nprinted\n%s",
				p.path, b.line, nth, wrong, b.text, text)
		}
	}
	if err != nil || len(printed) != len(p.blocks) {
		t.Fatalf("%s: %d of %d blocks ran: %v\n%s", p.path, len(printed), len(p.blocks), err, out)
	}
}

// shell runs a script in a folder until the context ends, with all that the script has started.
func shell(ctx context.Context, account *syscall.Credential, env []string, dir, script string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, append(slices.Clone(env), "HOME="+dir, "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account, Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// check compares what a block printed with the page. A … in the page stands for anything. An error of GraphQL or REST
// is fine only where the page shows one.
func (b block) check(printed string) error {
	for _, sign := range []string{`"errors":[`, `"requestId":`} {
		if strings.Contains(printed, sign) && !strings.Contains(strings.Join(b.answers, ""), sign) {
			return errors.New("the API refused")
		}
	}
	for _, answer := range b.answers {
		pattern := "(?s)" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(answer)), "…", ".*?")
		if !regexp.MustCompile(pattern).MatchString(printed) {
			return fmt.Errorf("the page says that it prints\n%s", answer)
		}
	}
	return nil
}

// environment is that of somebody who has put data-api on the PATH, and names the instance by its state directory: its
// address is for the page to find. npm and Go download to a folder of the instance, unless the user is the one who runs
// the tests and has Go's modules already.
func (d *dev) environment(t *testing.T) []string {
	t.Helper()
	caches := d.folder(t)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "DATA_API_") })
	env = append(env, "DATA_API_STATE_DIR="+d.state(), "PATH="+filepath.Dir(shared.binary)+":"+os.Getenv("PATH"),
		"GOFLAGS=-buildvcs=false -modcacherw", "npm_config_cache="+filepath.Join(caches, "npm"))

	names := []string{"GOPROXY", "GOSUMDB"}
	if d.account == nil {
		names = append(names, "GOMODCACHE", "GOCACHE")
	} else {
		env = append(env, "GOMODCACHE="+filepath.Join(caches, "modules"), "GOCACHE="+filepath.Join(caches, "built"))
	}
	values, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	for i, value := range strings.SplitN(strings.TrimSpace(string(values)), "\n", len(names)) {
		env = append(env, names[i]+"="+value)
	}
	return env
}
