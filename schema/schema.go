// Package schema is the contract: one .graphqls file a noun, from which everything in graph/ is generated.
package schema

import (
	"embed"
	"io/fs"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed *.graphqls
var files embed.FS

// Load parses the contract.
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
	return gqlparser.LoadSchema(sources...)
}
