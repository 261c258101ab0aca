package postgres

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
)

// datastoreSortings are the orders of a list of datastores. Names need no id beside them: no two are equal.
var datastoreSortings = map[datastore.OrderField]sorting[datastore.Datastore]{
	datastore.ByName: {
		list: page.Order[datastore.Datastore]{
			Name:  "datastores",
			Start: page.Key{""},
			Key:   func(d datastore.Datastore) page.Key { return page.Key{d.Name} },
		},
		end:     page.Key{lastName},
		columns: []string{`name`},
		place:   func(at page.Key) []any { return []any{at[0]} },
	},
	datastore.ByCreatedAt: byTime("datastores", `created_at`,
		func(d datastore.Datastore) (time.Time, string) { return d.CreatedAt, d.ID.String() }),
	datastore.ByUpdatedAt: byTime("datastores", `updated_at`,
		func(d datastore.Datastore) (time.Time, string) { return d.UpdatedAt, d.ID.String() }),
}

// exactly keeps the rows whose name is a parameter: as a range, which the index of names is read by.
func exactly(parameter string) string {
	return ` AND name >= ` + parameter + ` AND name <= ` + parameter
}

// datastoreList is a list of datastores under a filter: its conditions, and the arguments of these.
type datastoreList struct {
	sorting  sorting[datastore.Datastore]
	matching string
	args     arguments
	has      labelled
	// byLabel is whether a label may say which few rows to read; a name says that better.
	byLabel, byName bool
}

const fromDatastores = ` FROM datastore d WHERE workspace_id = $1 AND deleted_at IS NULL`

func newDatastoreList(ws authz.WorkspaceID, f datastore.Filter) datastoreList {
	l := datastoreList{
		sorting: datastoreSortings[f.Order.Field].toward(f.Order.Descending),
		args:    arguments{ws},
		byLabel: len(f.Labels) > 0 && f.Name == nil,
		byName:  f.Name != nil,
	}
	l.matching = ` AND name COLLATE "default" ILIKE ` + l.args.add(containing(f.NameContains))
	if f.Name != nil {
		l.matching += exactly(l.args.add(*f.Name))
	}

	if len(f.Labels) > 0 {
		l.has = datastoreLabels.having(f.Labels, &l.args)
		l.matching += l.has.all(`d`)
	}

	return l
}

// page returns the statement that reads what comes after a cursor, and its arguments.
func (l datastoreList) page(at page.Key, limit int) (query string, args []any) {
	p, by := l.args, l.sorting.by()
	if l.byName {
		by = `name` // one row at most, by the index of names
	}

	rest := l.matching + ` AND ` + l.sorting.after(at, &p)
	end := ` ORDER BY ` + by + ` LIMIT ` + p.add(limit)
	if !l.byLabel {
		return `SELECT ` + datastoreColumns + fromDatastores + rest + end, p
	}

	return l.has.rarest() + `SELECT ` + datastoreColumns + ` FROM (
		(SELECT d.*` + few(`datastore`, `d`) + ` AND deleted_at IS NULL` + ifFew + rest + end + `)
		UNION ALL
		(SELECT d.*` + fromDatastores + ifMany + rest + end + `)) d` + end, p
}

// List implements datastore.Store.
func (d Datastores) List(
	ctx context.Context, ws authz.WorkspaceID, f datastore.Filter, r page.Request,
) (none page.Page[datastore.Datastore], err error) {
	l := newDatastoreList(ws, f)
	order := l.sorting.list.Of(ws, f)
	at, err := order.After(r)
	if err != nil {
		return none, err
	}

	query, args := l.page(at, r.Limit())
	rows := make([]datastoreRow, 0, r.Limit())
	if err := d.list(ctx, ws, &rows, query, args...); err != nil {
		return none, err
	}

	all, err := turn(rows, datastoreRow.datastore)
	if err != nil {
		return none, err
	}

	total, err := d.count(ctx, ws, r, `SELECT count(*)`+fromDatastores+l.matching, l.args...)
	return order.Cut(r, all, total), err
}

// Labels implements datastore.Store.
func (d Datastores) Labels(ctx context.Context, ws authz.WorkspaceID, of []datastore.ID) ([][]label.Label, error) {
	return d.labelsOf(ctx, ws, datastoreLabels, inOrder(of))
}
