package main_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the packages anew in docs/finding-your-way.md")

const findingYourWay = "docs/finding-your-way.md"

// TestFindingYourWay_Drawing_IsOfTheImports holds the drawing against what the packages import, which the table in
// arrows allows.
func TestFindingYourWay_Drawing_IsOfTheImports(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(findingYourWay)
	if err != nil {
		t.Fatal(err)
	}

	before, rest, begun := strings.Cut(string(raw), "```mermaid\n")
	drawn, after, ended := strings.Cut(rest, "```\n")
	if !begun || !ended {
		t.Fatalf("%s has no drawing", findingYourWay)
	}

	want := drawing(packages(t))
	if *update {
		err := os.WriteFile(findingYourWay, []byte(before+"```mermaid\n"+want+"```\n"+after), 0o600)
		if err != nil {
			t.Fatal(err)
		}
	} else if drawn != want {
		t.Errorf("%s draws other imports than there are: go test . -run TestFindingYourWay -update", findingYourWay)
	}
}

// drawing shows what imports what: without what everything may import, without tests and what they run on, and without
// an arrow where others lead the same way.
func drawing(all []goPackage) string {
	imports := map[string][]string{}
	for _, p := range all {
		if from := folder(p.ImportPath); isDrawn(from) {
			imports[from] = nil
			for _, path := range p.Imports {
				if to := folder(path); strings.HasPrefix(path, module) && isDrawn(to) {
					imports[from] = append(imports[from], to)
				}
			}
		}
	}

	var text strings.Builder
	text.WriteString("flowchart LR\n  subgraph nouns\n")
	for _, noun := range slices.Sorted(slices.Values(nouns)) {
		fmt.Fprintf(&text, "    %s\n", box(noun))
	}

	text.WriteString("  end\n")
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		if !slices.Contains(nouns, from) {
			fmt.Fprintf(&text, "  %s\n", box(from))
		}

		for _, to := range imports[from] {
			if !leads(imports, from, to, to) {
				fmt.Fprintf(&text, "  %s --> %s\n", id(from), id(to))
			}
		}
	}

	return text.String()
}

func isDrawn(name string) bool {
	return !slices.Contains(leaves, name) && !slices.Contains([]string{"bench", "e2e", "internal/childproc", "internal/pgtest",
		"internal/testkit"}, name) &&
		!strings.HasPrefix(name, "internal/embedded") && !strings.HasSuffix(name, "test")
}

// box is a node with its label.
func box(name string) string {
	label := strings.TrimPrefix(name, "internal/")
	if name == "." {
		label = "server.go"
	}

	return id(name) + `["` + label + `"]`
}

// id names a node in Mermaid, in which words such as graph mean something.
func id(name string) string {
	return "p_" + strings.NewReplacer("internal/", "", "/", "_", ".", "server").Replace(name)
}

// leads reports whether imports lead from one package to another, other than straight to one.
func leads(imports map[string][]string, from, to, notStraightTo string) bool {
	return slices.ContainsFunc(imports[from], func(next string) bool {
		return next != notStraightTo && (next == to || leads(imports, next, to, ""))
	})
}

// TestFindingYourWay_Goroutines_AreAllThere looks for every function that starts one: by go, or by handing a function
// to a group, to a flight, or to context or time for afterwards.
func TestFindingYourWay_Goroutines_AreAllThere(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(findingYourWay)
	if err != nil {
		t.Fatal(err)
	}

	found := 0
	sources(t, func(path string, text []byte) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "bench/") {
			return
		}

		parsed, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}

		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !startsGoroutine(f) {
				continue
			}

			found++
			name := parsed.Name.Name + "." + f.Name.Name
			if f.Recv != nil {
				name = parsed.Name.Name + "." + receiver(f) + "." + f.Name.Name
			}

			if strings.HasPrefix(path, "internal/embedded/") {
				name = filepath.ToSlash(filepath.Dir(path))
			}

			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("%s: `%s` starts a goroutine; say in %s what stops it", path, name, findingYourWay)
			}
		}
	})
	if found < 20 {
		t.Errorf("only %d functions start goroutines", found)
	}
}

func startsGoroutine(f *ast.FuncDecl) (starts bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			starts = starts || ok && slices.Contains([]string{"Go", "TryGo", "DoChan", "AfterFunc"}, called.Sel.Name)
		}

		return !starts
	})
	return starts
}
