package postgres

import (
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/authz"
)

// columns are those of a row to insert, each with its value.
type columns []struct {
	name  string
	value any
}

// createdBy adds who creates the row.
func (c columns) createdBy(who authz.Who) columns {
	return append(c, columns{
		{"created_by_kind", who.Kind},
		{"created_by_id", who.PrincipalID},
		{"created_by_label", who.Label},
	}...)
}

// insert returns the statement that inserts the row, up to where a RETURNING or ON CONFLICT may follow, and its
// arguments: $1 is the first column's value.
func (c columns) insert(table string) (statement string, arguments []any) {
	names, parameters, arguments := c.list()
	return `INSERT INTO ` + table + ` (` + names + `) VALUES (` + parameters + `)`, arguments
}

// list returns the names of the columns, their parameters and the arguments of these.
func (c columns) list() (names, parameters string, arguments []any) { return c.numbered(0) }

// numbered is list, for parameters that come after so many others.
func (c columns) numbered(after int) (names, parameters string, arguments []any) {
	named, numbers := make([]string, len(c)), make([]string, len(c))
	for i, column := range c {
		named[i], numbers[i] = column.name, "$"+strconv.Itoa(after+i+1)
		arguments = append(arguments, column.value)
	}

	return strings.Join(named, ", "), strings.Join(numbers, ", "), arguments
}
