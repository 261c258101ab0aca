package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/provenanceone/data-api"

var nouns = []string{
	"internal/workspace", "internal/member", "internal/apikey", "internal/datastore", "internal/upload",
	"internal/object", "internal/secret",
	"internal/node", "internal/reference", "internal/run", "internal/deletion", "internal/trusted",
}

// leaves are what everything may import: they know nothing of the product.
var leaves = []string{"internal/authz", "internal/fair", "internal/fault", "internal/ident", "internal/outcome",
	"internal/page", "internal/trace"}

// sdks may be imported in these places alone.
var sdks = map[string][]string{
	"github.com/jmoiron/sqlx": {"internal/postgres"},
	"github.com/lib/pq": {"internal/postgres", "internal/embedded/postgres", "internal/pgtest",
		"migrations", "bench"},
	"cloud.google.com/go/storage":       {"internal/gcs", "internal/embedded/gcs"},
	"cloud.google.com/go/secretmanager": {"internal/secretmanager", "internal/embedded/secretmanager"},
	"github.com/99designs/gqlgen": {"graph", "resolvers", "internal/document", "internal/document/documenttest",
		"internal/transport", "internal/rest", "internal/scalar", "internal/app", ".", "e2e"},
	"github.com/coder/websocket":     {"internal/transport"},
	"github.com/prometheus":          {"internal/metrics"},
	"go.opentelemetry.io":            {"internal/trace", "internal/trace/tracetest"},
	"github.com/coreos/go-oidc":      {"internal/authn", "internal/login"},
	"github.com/Khan/genqlient":      {"client"},
	"github.com/tink-crypto/tink-go": {"internal/embedded/secretmanager"},
	"go.etcd.io/bbolt":               {"internal/embedded/gcs", "internal/embedded/secretmanager"},
	"github.com/riverqueue/river":    {"internal/jobs"},
	"github.com/sony/gobreaker":      {"internal/breaker"},
	"github.com/vektah/gqlparser": {"schema", "graph", "internal/document", "internal/document/documenttest",
		"internal/transport", "internal/rest", "resolvers", "internal/app", ".", "e2e"},
	"github.com/pressly/goose":        {"migrations"},
	"github.com/alecthomas/kong":      {"internal/command"},
	"github.com/rogpeppe/go-internal": {"e2e"},
	"github.com/yuin/goldmark":        {"docs"},
	"google.golang.org/api": {"internal/gcs", "internal/secretmanager",
		"internal/embedded/gcs", "internal/embedded/secretmanager"},
	"google.golang.org/grpc":       {"internal/secretmanager", "internal/embedded/secretmanager"},
	"github.com/googleapis/gax-go": {"internal/gcs", "internal/secretmanager"},
	"github.com/hashicorp/golang-lru": {
		"internal/document", "internal/embedded/oidc", "internal/httpserver", "internal/authn", "internal/secret",
		"internal/ratelimit", "internal/trusted",
	},
	"golang.org/x/time": {"internal/ratelimit"},
	"google.golang.org/protobuf": {"internal/secretmanager", "internal/embedded/secretmanager",
		"internal/trace/tracetest"},
	"github.com/go-jose/go-jose":           {"internal/authn", "internal/embedded/oidc"},
	"golang.org/x/oauth2":                  {"internal/gcs", "internal/authn", "internal/login"},
	"cloud.google.com/go/auth/credentials": {},
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	raw, err := exec.CommandContext(t.Context(), "go", "list", "-tags=dev",
		"-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(raw)); decoder.More(); {
		var p goPackage
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func folder(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

// TestArrows_AreThoseListed holds the table against the imports, both ways.
func TestArrows_AreThoseListed(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from := folder(p.ImportPath)
		checkSDKs(t, from, p.Imports)
		if slices.Contains(wiring, from) {
			continue
		}

		var found []string
		for _, path := range p.Imports {
			if strings.HasPrefix(path, module+"/") {
				found = append(found, folder(path))
			}
		}

		slices.Sort(found)
		if want := arrows[from]; !slices.Equal(found, want) {
			t.Errorf("%s imports %q of ours; arrows_test.go says %q", from, found, want)
		}
	}
}

// TestDocuments_KnowNoHTTP holds the cut between what a document may hold and how it arrives.
func TestDocuments_KnowNoHTTP(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if folder(p.ImportPath) != "internal/document" {
			continue
		}

		for _, path := range p.Imports {
			if strings.HasPrefix(path, "net") || path == "github.com/99designs/gqlgen/graphql/handler" {
				t.Errorf("internal/document may not import %s: that is for internal/transport", path)
			}
		}
	}
}

// TestRelease_LinksNoEmbeddedBackend compares what a plain build links with what the build for `dev` links.
func TestRelease_LinksNoEmbeddedBackend(t *testing.T) {
	t.Parallel()
	whole := linked(t, "-tags=dev")
	for _, path := range []string{
		module + "/internal/dev",
		module + "/internal/embedded/gcs",
		module + "/internal/embedded/oidc",
		module + "/internal/embedded/postgres",
		module + "/internal/embedded/secretmanager",
		"github.com/tink-crypto/tink-go/v2/aead",
		"go.etcd.io/bbolt",
	} {
		if !slices.Contains(whole, path) {
			t.Errorf("the build for dev does not link %s: is this list out of date?", path)
		}
	}
	for _, path := range linked(t) {
		for _, unwanted := range []string{
			module + "/internal/dev",
			module + "/internal/embedded/",
			module + "/internal/pgtest",
			module + "/internal/testkit",
			"github.com/golang-jwt/",
			"github.com/tink-crypto/",
			"go.etcd.io/bbolt",
		} {
			if strings.HasPrefix(path, unwanted) {
				t.Errorf("the release links %s", path)
			}
		}
	}
}

// linked are the packages that a build of the program with these flags consists of.
func linked(t *testing.T, flags ...string) []string {
	t.Helper()
	raw, err := exec.CommandContext(t.Context(), "go",
		slices.Concat([]string{"list", "-deps"}, flags, []string{"."})...).
		Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Fields(string(raw))
}

func checkSDKs(t *testing.T, from string, imports []string) {
	t.Helper()
	for _, path := range imports {
		for sdk, homes := range sdks {
			if (path == sdk || strings.HasPrefix(path, sdk+"/")) && !slices.Contains(homes, from) {
				t.Errorf("%s may not import %s: its homes are %v", from, path, homes)
			}
		}
	}
}

// sources calls do for each hand-written Go file.
func sources(t *testing.T, do func(path string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." &&
			(strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"graph", "bin", "node_modules"}, d.Name())) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".generated.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		do(path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSizes_FilesAndFunctions_StayReadable counts statements, not lines: room to read costs nothing.
func TestSizes_FilesAndFunctions_StayReadable(t *testing.T) {
	t.Parallel()
	sources(t, func(path string, text []byte) {
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			t.Fatal(err)
		}

		isTest := strings.HasSuffix(path, "_test.go")
		inFile := 0
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}

			n := statements(f)
			inFile += n
			switch {
			case strings.HasSuffix(path, ".resolvers.go") && n > 8:
				t.Errorf("%s: %s has %d statements; a resolver translates, in 8", path, f.Name.Name, n)
			case !isTest && n > 40:
				t.Errorf("%s: %s has %d statements; 40 is the most", path, f.Name.Name, n)
			}
		}

		if most := map[bool]int{true: 220, false: 150}[isTest]; inFile > most {
			t.Errorf("%s has %d statements; %d is the most", path, inFile, most)
		}
	})
}

// statements counts those of a function, without the braces around them.
func statements(f *ast.FuncDecl) (n int) {
	ast.Inspect(f, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.BlockStmt, *ast.LabeledStmt:
		case ast.Stmt:
			n++
		}
		return true
	})
	return n
}

func TestPackages_HaveNamesThatSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if name := filepath.Base(p.ImportPath); slices.Contains([]string{"util", "utils", "common", "helper", "helpers",
			"base", "models", "types", "misc"}, name) {
			t.Errorf("%s: no package is called %s", p.ImportPath, name)
		}
	}
}

// TestSecretValues_AreOpenedInFewPlaces lists every place that opens a secret.Value, with how often it does.
func TestSecretValues_AreOpenedInFewPlaces(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"internal/secret/plain.go":       3,
		"internal/secret/value.go":       1,
		"internal/secret/fingerprint.go": 1,
		"internal/secret/seal.go":        3,
		"internal/run/token.go":          1,
		"internal/run/redact.go":         1,
		"internal/secretmanager":         1,
		"resolvers/secret_map.go":        1,
	}
	got := map[string]int{}
	sources(t, func(path string, text []byte) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "internal/embedded/") {
			return
		}
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if n := strings.Count(lines.Text(), ".Open()"); n > 0 && mentionsSecrets(path, text) {
				if strings.HasPrefix(path, "internal/secretmanager/") {
					path = "internal/secretmanager"
				}
				got[path] += n
			}
		}
	})
	for path, n := range got {
		if want[path] != n {
			t.Errorf("%s opens secret values %d times; %d are allowed. Every opening is reviewed: change this list "+
				"with it.", path, n, want[path])
		}
	}
}

func mentionsSecrets(path string, text []byte) bool {
	return strings.HasPrefix(path, "internal/secret/") || bytes.Contains(text, []byte(module+"/internal/secret"))
}
