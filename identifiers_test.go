package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"
)

var (
	word = regexp.MustCompile(`[A-Za-z_]\w*`)
	// mixed is camelCase, CamelCase of two words, or snake_case: prose has none of these.
	mixed     = regexp.MustCompile(`^([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[A-Za-z]+_\w+)$`)
	qualified = regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)+$`)
	file      = regexp.MustCompile(`^[\w./-]*\w\.(go|md|sql|graphqls|graphql|txtar|ts|yml|css|html)$`)
)

// elsewhere are names that the pages put in backticks and that are not ours: placeholders, permissions of Google, names
// of browsers, of gqlgen and of clients.
var elsewhere = []string{
	"Type.field", "Type.field.argument", "Enum.VALUE", "NNNN_verb_noun.sql",
	"secretmanager.secrets.create", "secretmanager.versions.add", "iamcredentials.googleapis.com",
	"secretmanager.LOCATION.rep.googleapis.com", "preStop", "OTEL_RESOURCE_ATTRIBUTES",
	"DATA_API_TOKEN", "EventSource", "InitFunc", "Uint8Array.from", "cacheExchange", "commitMutation", "connectionParams",
	"enforcePersistedQueries", "fetchExchange", "generatePersistedQueryIdsFromManifest", "persistConfig",
}

// TestDocuments_Code_IsThere looks up what README.md, CONTRIBUTING.md and docs/ put in backticks: files, names of the
// form `package.Name`, `package.Type.member` or `Type.member`, and single names that no prose has, such as `ifVersion`.
// A decision that was replaced may name what is gone.
func TestDocuments_Code_IsThere(t *testing.T) {
	t.Parallel()
	tree := readTree(t)
	for _, page := range documents(t) {
		lines := prose(t, page)
		if replaced.MatchString(strings.Join(lines, "\n")) {
			continue
		}

		for i, line := range lines {
			for _, code := range inlineCode.FindAllString(line, -1) {
				name, _, _ := strings.Cut(strings.Trim(code, "`"), "(")
				if why := tree.lacks(name); why != "" && !slices.Contains(elsewhere, name) {
					t.Errorf("%s:%d: %s: %s", page, i+1, code, why)
				}
			}
		}
	}
}

// tree is what the repository has, by name.
type tree struct {
	paths []string
	// words are those of code and of its literals; comments may be as stale as the pages.
	words map[string]bool
	// declared has `package.Name` and `package.Type.member`; the package of the contract is empty.
	declared map[string]bool
	// homes are the packages that declare a type.
	homes map[string][]string
	// ours are the names of our packages; foreign are those of the packages that ours import.
	ours, foreign map[string]bool
	// literals is the text of all literals.
	literals strings.Builder
}

// lacks says why a name leads nowhere; empty if it is there, or no name of ours.
func (r *tree) lacks(name string) string {
	switch {
	case file.MatchString(name):
		if !slices.ContainsFunc(r.paths, func(p string) bool { return p == name || strings.HasSuffix(p, "/"+name) }) {
			return "there is no such file"
		}

	case qualified.MatchString(name):
		return r.lacksQualified(name)
	case mixed.MatchString(name) && !r.words[name]:
		return "no code has such a name"
	}

	return ""
}

func (r *tree) lacksQualified(name string) string {
	first, rest, _ := strings.Cut(name, ".")
	switch homes := r.homes[first]; {
	case r.declared[name], r.declared["."+name], r.foreign[first] && !r.ours[first]:
		return ""
	case !token.IsExported(rest) && strings.Contains(r.literals.String(), name):
		return "" // an action of the log, a host
	case len(homes) > 1:
		return "more than one package has this type: name the package"
	case len(homes) == 1 && r.declared[homes[0]+"."+name]:
		return ""
	}

	return "no package, type or contract has such a name"
}

func readTree(t *testing.T) *tree {
	t.Helper()
	r := &tree{
		words:    map[string]bool{},
		declared: map[string]bool{},
		homes:    map[string][]string{},
		ours:     map[string]bool{},
		foreign:  map[string]bool{},
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		if d.IsDir() && (path == ".git" || path == "bin" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}

		r.paths = append(r.paths, path)
		switch {
		case strings.HasSuffix(path, ".go"):
			return r.readGo(path)
		case slices.Contains([]string{".ts", ".tsx", ".txtar"}, filepath.Ext(path)),
			slices.Contains([]string{"migrations/schema.sql", "schema.graphql", "gqlgen.yml", "Makefile",
				"internal/command/testdata/flags.txt"}, path): // which a test holds against the flags
			return r.readWords(path)
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	r.readContract(t)
	return r
}

func (r *tree) readWords(path string) error {
	text, err := os.ReadFile(path)
	r.note(string(text))
	return err
}

func (r *tree) note(text string) {
	for _, w := range word.FindAllString(text, -1) {
		r.words[w] = true
	}
}

func (r *tree) readGo(at string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), at, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}

	pkg := parsed.Name.Name
	r.ours[pkg] = true
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}

		if !strings.HasPrefix(imported, module) {
			r.foreign[path.Base(imported)] = true
		}
	}

	for name := range parsedNames(parsed) {
		r.declared[pkg+"."+name] = true
	}

	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			r.words[n.Name] = true
		case *ast.BasicLit:
			r.note(n.Value)
			r.literals.WriteString(n.Value + "\n")
		case *ast.FuncDecl:
			if n.Recv != nil {
				r.declared[pkg+"."+receiver(n)+"."+n.Name.Name] = true
			}
		case *ast.TypeSpec:
			r.homes[n.Name.Name] = union(r.homes[n.Name.Name], pkg)
			r.fields(pkg, n)
		}

		return true
	})
	return nil
}

// parsedNames are those that a file declares at its top level.
func parsedNames(parsed *ast.File) map[string]bool {
	all := map[string]bool{}
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			all[d.Name.Name] = d.Recv == nil
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					all[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						all[name.Name] = true
					}
				}
			}
		}
	}

	return all
}

func union(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}

	return append(all, one)
}

func receiver(f *ast.FuncDecl) (name string) {
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok && name == "" {
			name = ident.Name
		}

		return name == ""
	})
	return name
}

// fields notes the fields of a struct and the methods of an interface.
func (r *tree) fields(pkg string, of *ast.TypeSpec) {
	var list *ast.FieldList
	switch kind := of.Type.(type) {
	case *ast.StructType:
		list = kind.Fields
	case *ast.InterfaceType:
		list = kind.Methods
	default:
		return
	}

	for _, f := range list.List {
		for _, name := range f.Names {
			r.declared[pkg+"."+of.Name.Name+"."+name.Name] = true
		}
	}
}

func (r *tree) readContract(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}

	contract, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}

	for _, d := range contract.Types {
		for _, f := range d.Fields {
			r.declared["."+d.Name+"."+f.Name] = true
			for _, a := range f.Arguments {
				r.declared["."+f.Name+"."+a.Name] = true
			}
		}

		for _, v := range d.EnumValues {
			r.declared["."+d.Name+"."+v.Name] = true
		}
	}
}
