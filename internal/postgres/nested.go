package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
)

// ordinal says which of several parents a row belongs to, counted from 1. It is embedded in the rows of lists that are
// read for many parents.
type ordinal struct{ Nth int }

func (o ordinal) parent() int { return o.Nth - 1 }

// each runs a query once for each of the parents whose ids are $2; the query calls them parent.id, and order puts its
// rows in order.
func each(query, order string) string {
	return `SELECT parent.nth, q.* FROM unnest($2::uuid[]) WITH ORDINALITY AS parent(id, nth) CROSS JOIN LATERAL (` +
		query + `) q ORDER BY parent.nth, ` + order
}

// byID reads the rows of a table with the ids $2 that meet the condition, each by the primary key. Of `id = ANY ($2)` a
// plan may read every row of the workspace, and Postgres plans it anew for each call to find out.
func byID(columns, table, condition string) string {
	return `SELECT q.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
		SELECT ` + columns + ` FROM ` + table + ` WHERE workspace_id = $1 AND id >= wanted.id AND id <= wanted.id AND ` +
		condition + ` ORDER BY id LIMIT 1) q`
}

// rowsByID is the condition that a row is one of those with the ids $2, to delete it. The transaction must have locked
// the rows before, or want none that others change meanwhile.
func rowsByID(table, condition string) string {
	return `ctid = ANY(ARRAY(` + byID(`ctid`, table, condition) + `))`
}

// known are the ids that could exist at all, as the array parameter of a query.
func known[ID interface {
	~string
	Valid() bool
}](ids []ID) []string {
	valid := make([]string, 0, len(ids))
	for _, id := range ids {
		if id.Valid() {
			valid = append(valid, string(id))
		}
	}

	return valid
}

// distinct are the ids that could exist at all, each once, as the $2 of byID.
func distinct[ID interface {
	~string
	Valid() bool
}](ids []ID) []string {
	valid := known(ids)
	slices.Sort(valid)
	return slices.Compact(valid)
}

// lockEach locks those of the rows with the ids that meet the condition, one by one in the order of their ids, so that
// no two who do so wait for each other. Of `id = ANY (…) ORDER BY id` the order alone is planned for, by reading all
// ids.
func lockEach(table, ids, condition, strength string) string {
	return `SELECT q.id FROM (SELECT id FROM ` + ids + ` ORDER BY id OFFSET 0) wanted CROSS JOIN LATERAL (
		SELECT id FROM ` + table + ` WHERE workspace_id = $1 AND id >= wanted.id AND id <= wanted.id AND ` +
		condition + `
		ORDER BY id LIMIT 1 FOR ` + strength + `) q`
}

// inOrder are ids as the $2 of each: what is malformed names nothing and keeps its place.
func inOrder[ID interface {
	~string
	Valid() bool
}](ids []ID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
		if !id.Valid() {
			all[i] = uuid.Nil.String()
		}
	}

	return all
}

// ordersOf returns the order of each parent's list, and the values that the page goes on after, which they share.
//
// Errors: fault.Invalid naming `after` for a cursor that is not of every one of these lists.
func ordersOf[T any, ID ~string](
	r page.Request, list page.Order[T], ws authz.WorkspaceID, parents []ID, filter ...any,
) (at page.Key, orders []page.Order[T], err error) {
	at = list.Start
	for _, id := range parents {
		order := list.Of(append([]any{ws, string(id)}, filter...)...)
		if at, err = order.After(r); err != nil {
			return nil, nil, err
		}

		orders = append(orders, order)
	}

	return at, orders, nil
}

// pages groups rows by parent, and cuts one page for each, in the order of its list.
func pages[R interface{ parent() int }, T any](
	r page.Request, orders []page.Order[T], rows []R, one func(R) (T, error),
) ([]page.Page[T], error) {
	items := make([][]T, len(orders))
	for _, row := range rows {
		item, err := one(row)
		if err != nil {
			return nil, err
		}

		items[row.parent()] = append(items[row.parent()], item)
	}

	all := make([]page.Page[T], len(orders))
	for i, order := range orders {
		all[i] = order.Cut(r, items[i], 0)
	}

	return all, nil
}

// countEach sets how long the whole list of each parent is, if the page asks for it.
func countEach[T any](
	ctx context.Context, d *DB, ws authz.WorkspaceID, r page.Request, all []page.Page[T], query string,
	parents []string,
) error {
	if !r.Count {
		return nil
	}

	var rows []struct {
		ordinal
		N int32
	}
	err := d.list(ctx, ws, &rows, each(query, `q.n`), ws, parents)
	for _, row := range rows {
		all[row.parent()].Total = row.N
	}

	return err
}
