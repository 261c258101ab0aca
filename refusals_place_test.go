package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPostgres_WordsNoRefusal holds that the nouns word refusals: internal/postgres passes them the facts that it found.
// It words the faults of the database itself, in the files listed here.
func TestPostgres_WordsNoRefusal(t *testing.T) {
	t.Parallel()
	may := map[string]int{
		"audit.go":       1, // an entry with a hole: a fault of the program
		"check.go":       4,
		"dsn.go":         2,
		"errors.go":      2,
		"outage.go":      1,
		"role.go":        3,
		"statement.go":   3, // an entry with a hole, a lost connection, rows that others keep changing
		"transaction.go": 1,
	}
	found := map[string]int{}
	sources(t, func(path string, text []byte) {
		if filepath.Dir(path) != "internal/postgres" || strings.HasSuffix(path, "_test.go") {
			return
		}

		if n := faults(t, path, text); n > 0 {
			found[filepath.Base(path)] = n
		}
	})
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if found[name] > may[name] {
			t.Errorf("internal/postgres/%s words %d faults, %d are listed: let a noun word them over what was found",
				name, found[name], may[name])
		}
	}

	for _, name := range slices.Sorted(maps.Keys(may)) {
		if found[name] < may[name] {
			t.Errorf("internal/postgres/%s words %d faults: list no more", name, found[name])
		}
	}
}

// faults counts the faults that a file words.
func faults(t *testing.T, path string, text []byte) (n int) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
	if err != nil {
		t.Fatal(err)
	}

	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			if name := faultName(node.Fun); name == "New" || name == "Field" {
				n++
			}
		case *ast.CompositeLit:
			if faultName(node.Type) == "Error" {
				n++
			}
		}
		return true
	})
	return n
}

// faultName is the name of what is used of the package fault; empty for all else.
func faultName(of ast.Expr) string {
	selected, ok := of.(*ast.SelectorExpr)
	if !ok {
		return ""
	}

	if from, ok := selected.X.(*ast.Ident); !ok || from.Name != "fault" {
		return ""
	}

	return selected.Sel.Name
}
