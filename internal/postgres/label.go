package postgres

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/label"
)

// labels are the labels of the rows of one table: where they are, and the column that names the row.
type labels struct{ table, of string }

var (
	datastoreLabels = labels{`datastore_label`, `datastore_id`}
	secretLabels    = labels{`secret_label`, `secret_id`}
)

// labelsOf reads the labels of each row, in the order of their keys.
func (d *DB) labelsOf(ctx context.Context, ws authz.WorkspaceID, l labels, rows []string) ([][]label.Label, error) {
	var found []struct {
		ordinal
		label.Label
	}
	query := each(`SELECT l.key, l.value FROM `+l.table+` l WHERE l.workspace_id = $1 AND l.`+l.of+` >= parent.id
		AND l.`+l.of+` <= parent.id ORDER BY l.`+l.of+`, l.key LIMIT `+strconv.Itoa(label.Max), `q.key`)
	if err := d.list(ctx, ws, &found, query, ws, rows); err != nil {
		return nil, err
	}

	all := make([][]label.Label, len(rows))
	for _, row := range found {
		all[row.parent()] = append(all[row.parent()], row.Label)
	}

	return all, nil
}

// labelsBefore reads the labels of a row that the transaction has locked, if they may change; nil for next is that they
// stay.
func (t *Tx) labelsBefore(l labels, row string, next *[]label.Label) (has []label.Label, err error) {
	if next == nil {
		return nil, nil
	}

	err = t.list(&has, `SELECT key, value FROM `+l.table+` WHERE workspace_id = $1 AND `+l.of+` >= $2 AND `+l.of+` <= $2
		ORDER BY `+l.of+`, key`, t.ws, row)
	return has, err
}

// changeLabels puts labels on a row that the transaction has locked, in place of all that it has, and says so in the
// entry; nil for next is that they stay.
func (t *Tx) changeLabels(l labels, row string, next *[]label.Label, e audit.Entry) (audit.Entry, error) {
	if next == nil {
		return e, nil
	}

	if err := t.dropLabels(l, row); err != nil {
		return e, err
	}

	return e.Fill("labels", label.Details(*next)), t.addLabels(l, row, *next)
}

// addLabels puts labels on a row that has none.
func (t *Tx) addLabels(l labels, row string, all []label.Label) error {
	if len(all) == 0 {
		return nil
	}

	keys, values := make([]string, len(all)), make([]string, len(all))
	for i, one := range all {
		keys[i], values[i] = one.Key, one.Value
	}

	_, err := t.exec(`INSERT INTO `+l.table+` (workspace_id, `+l.of+`, key, value)
		SELECT $1, $2, l.key, l.value FROM unnest($3::text[], $4::text[]) AS l(key, value)`, t.ws, row, texts(keys),
		texts(values))
	return err
}

// dropLabels takes all labels off a row that the transaction has locked.
func (t *Tx) dropLabels(l labels, row string) error {
	_, err := t.exec(`DELETE FROM `+l.table+` WHERE ctid = ANY(ARRAY(SELECT ctid FROM `+l.table+`
		WHERE workspace_id = $1 AND `+l.of+` >= $2 AND `+l.of+` <= $2 ORDER BY `+l.of+`, key))`, t.ws, row)
	return err
}

// fewLabelled is how many rows a label has at most for a list under it to read all of them, and put them in order. Of a
// label that more rows have, a list reads on in its own order until the page is full.
const fewLabelled = 1000

// labelled narrows a list to the rows that have all labels of a filter.
type labelled struct {
	labels
	// filters are the filters as rows: the key, and the least and the greatest value.
	filters string
}

// lastValue comes after all values.
var lastValue = strings.Repeat(string(unicode.MaxRune), label.MaxValue+1)

func (l labels) having(all []label.Filter, p *arguments) labelled {
	var keys, least, greatest []string
	for _, f := range all {
		from, to := ``, lastValue
		if f.Value != nil {
			from, to = *f.Value, *f.Value
		}

		keys, least, greatest = append(keys, f.Key), append(least, from), append(greatest, to)
	}

	return labelled{l, `unnest(` + p.add(texts(keys)) + `::text[], ` + p.add(texts(least)) + `::text[], ` +
		p.add(texts(greatest)) + `::text[]) AS f(key, least, greatest)`}
}

// all holds for a row that has every label. It is one value a row, which Postgres does not turn into a join.
func (l labelled) all(row string) string {
	return ` AND (SELECT bool_and(coalesce((SELECT l.value >= f.least AND l.value <= f.greatest FROM ` + l.table + ` l
		WHERE l.workspace_id = ` + row + `.workspace_id AND l.` + l.of + ` >= ` + row + `.id
			AND l.` + l.of + ` <= ` + row + `.id AND l.key >= f.key AND l.key <= f.key
			ORDER BY l.` + l.of + `, l.key LIMIT 1), false)) FROM ` + l.filters + `)`
}

// rarest begins a statement with the part `rarest`: one row with the ids of the rows that have a label, of the label
// that the fewest have, and no more than tell that they are not few.
func (l labelled) rarest() string {
	return `WITH rarest AS MATERIALIZED (SELECT r.ids FROM ` + l.filters + ` CROSS JOIN LATERAL (
		SELECT ARRAY(SELECT l.` + l.of + ` FROM ` + l.table + ` l WHERE l.workspace_id = $1 AND l.key = f.key
			AND l.value >= f.least AND l.value <= f.greatest ORDER BY l.value, l.` + l.of + `
			LIMIT ` + strconv.Itoa(fewLabelled+1) + `) AS ids OFFSET 0) r ORDER BY cardinality(r.ids) LIMIT 1) `
}

// Conditions that the rarest label is on few rows, or on many: one of the two reads nothing.
var (
	ifFew  = ` AND (SELECT cardinality(ids) FROM rarest) <= ` + strconv.Itoa(fewLabelled)
	ifMany = ` AND (SELECT cardinality(ids) FROM rarest) > ` + strconv.Itoa(fewLabelled)
)

// few reads the rows of a table that have the rarest label, each by the primary key, as alias.
func few(table, alias string) string {
	return ` FROM unnest((SELECT ids FROM rarest)) AS few(row_id) CROSS JOIN LATERAL (SELECT * FROM ` + table + `
		WHERE workspace_id = $1 AND id >= few.row_id AND id <= few.row_id ORDER BY id LIMIT 1) ` + alias + ` WHERE true`
}
