// Package schema is the contract: one .graphqls file a noun, from which everything in graph/ is generated.
package schema

import (
	"bytes"
	"embed"
	"io/fs"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

//go:embed *.graphqls
var files embed.FS

// Load parses the contract, and completes its descriptions: what follows from the rest is written down once.
func Load() (*ast.Schema, error) {
	names, err := fs.Glob(files, "*.graphqls")
	if err != nil {
		return nil, err
	}

	var sources []*ast.Source
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}

		sources = append(sources, &ast.Source{Name: "schema/" + name, Input: string(text)})
	}

	contract, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		return nil, err
	}

	delete(contract.Directives, "defer") // the parser brings it along; every use of it is refused
	describe(contract)
	return contract, nil
}

// Print returns a contract as one document, in the order of names.
func Print(contract *ast.Schema) []byte {
	var out bytes.Buffer
	formatter.NewFormatter(&out, formatter.WithIndent("  ")).FormatSchema(contract)
	return out.Bytes()
}
