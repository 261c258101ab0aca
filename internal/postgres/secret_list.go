package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

// secretSortings are the orders of a list of secrets. A deleted one may have the name of another.
var secretSortings = map[secret.OrderField]sorting[secret.Secret]{
	secret.ByName: {
		list: page.Order[secret.Secret]{
			Name:  "secrets",
			Start: page.Key{"", uuid.Nil.String()},
			Key:   func(s secret.Secret) page.Key { return page.Key{s.Name, s.ID.String()} },
		},
		end:     page.Key{lastName, lastID},
		columns: []string{`name`, `id`},
		place:   func(at page.Key) []any { return []any{at[0], secret.ID(at[1])} },
	},
	secret.ByCreatedAt: byTime("secrets", `created_at`,
		func(s secret.Secret) (time.Time, string) { return s.CreatedAt, s.ID.String() }),
	secret.ByRotatedAt: byTime("secrets", `rotated_at`,
		func(s secret.Secret) (time.Time, string) { return s.RotatedAt, s.ID.String() }),
}

// matching keeps the secrets whose name is like $2, and that are referenced or overdue as $3 and $4 say.
const matching = ` AND name ILIKE $2
	AND ($3::boolean IS NULL OR $3 = ((SELECT true FROM secret_reference r
		WHERE r.workspace_id = s.workspace_id AND r.secret_id >= s.id AND r.secret_id <= s.id
			ORDER BY r.secret_id, r.kind, r.external_id LIMIT 1) IS NOT NULL))
	AND ($4::boolean IS NULL OR $4 = coalesce(rotate_at < now(), false))`

// shown adds that deleted secrets are kept only if $5 says so.
const shown = ` AND ` + visible + ` AND ($5 OR state = 'ACTIVE')`

const ofWorkspace = ` FROM secret s WHERE workspace_id = $1`

// secretList is a list of secrets under a filter: its conditions, and the arguments of these.
type secretList struct {
	sorting sorting[secret.Secret]
	byName  bool
	// matching are the conditions but for the name, which stands in named.
	matching, named string
	args            arguments
	has             labelled
	// byLabel is whether a label may say which few rows to read; a name says that better.
	byLabel bool
}

func newSecretList(ws authz.WorkspaceID, f secret.Filter) secretList {
	l := secretList{
		sorting:  secretSortings[f.Order.Field].toward(f.Order.Descending),
		byName:   f.Order.Field == secret.ByName,
		matching: matching,
		args:     arguments{ws, containing(f.NameContains), f.Referenced, f.Overdue, f.Deleted},
		byLabel:  len(f.Labels) > 0 && f.Name == nil,
	}
	if f.Name != nil {
		l.named = exactly(l.args.add(*f.Name))
	}

	if f.Name != nil && l.byName {
		// the index is read from where the pair says: from the start of all names, this one's rows would come late
		l.sorting.list.Start = page.Key{*f.Name, l.sorting.list.Start[1]}
	}

	if len(f.Labels) > 0 {
		l.has = secretLabels.having(f.Labels, &l.args)
		l.matching += l.has.all(`s`)
	}

	return l
}

// page returns the statement that reads what comes after a cursor, and its arguments. Active secrets and deleted ones
// are read by an index each.
func (l secretList) page(at page.Key, limit int) (query string, args []any) {
	p, by := l.args, ` ORDER BY `+l.sorting.by()
	byOfActive := by
	if l.byName {
		byOfActive = ` ORDER BY ` + l.sorting.only(0).by() // no two active ones have one name
	}

	active, deleted := `'ACTIVE'`, `'DELETED'`
	if !l.byName && l.named == "" { // as parameters: Postgres may not know that the index of names has all active ones
		active, deleted = p.add("ACTIVE"), p.add("DELETED")
	}

	fromActive := ofWorkspace + ` AND state = ` + active
	fromDeleted := ofWorkspace + ` AND state = ` + deleted + ` AND purge_at > now() AND $5`
	switch {
	case l.named != "" && l.byName:
		fromActive, fromDeleted = fromActive+l.named, fromDeleted+l.named
	case l.named != "": // those of one name are few, and put in order
		fromActive = ` FROM (SELECT *` + fromActive + l.named + ` ORDER BY name OFFSET 0) s WHERE true`
		fromDeleted = ` FROM (SELECT *` + fromDeleted + l.named + ` ORDER BY name, id OFFSET 0) s WHERE true`
	}

	rest := l.matching + ` AND ` + l.sorting.after(at, &p)
	limited := ` LIMIT ` + p.add(limit)
	with, some := ``, ``
	if l.byLabel {
		fromActive, fromDeleted = fromActive+ifMany, fromDeleted+ifMany
		with = l.has.rarest()
		some = `(SELECT s.*` + few(`secret`, `s`) + shown + ifFew + rest + by + limited + `) UNION ALL `
	}

	return with + `SELECT ` + secretColumns + ` FROM (` + some + `
		(SELECT s.*` + fromActive + rest + byOfActive + limited + `)
		UNION ALL
		(SELECT s.*` + fromDeleted + rest + by + limited + `)) s` + by + limited, p
}

// List implements secret.Store.
func (d Secrets) List(
	ctx context.Context, ws authz.WorkspaceID, f secret.Filter, r page.Request,
) (page.Page[secret.Secret], error) {
	l := newSecretList(ws, f)
	order := l.sorting.list.Of(ws, f)
	at, err := order.After(r)
	if err != nil {
		return page.Page[secret.Secret]{}, err
	}

	query, args := l.page(at, r.Limit())
	var rows []secretRow
	if err := d.list(ctx, ws, &rows, query, args...); err != nil {
		return page.Page[secret.Secret]{}, err
	}

	total, err := d.count(ctx, ws, r, `SELECT count(*)`+ofWorkspace+l.matching+shown+l.named, l.args...)
	return order.Cut(r, secretsOf(rows), total), err
}

// Labels implements secret.Store.
func (d Secrets) Labels(ctx context.Context, ws authz.WorkspaceID, of []secret.ID) ([][]label.Label, error) {
	return d.labelsOf(ctx, ws, secretLabels, inOrder(of))
}
