// Package erasure deletes a workspace from all three stores, and takes a person's traces out of workspaces that go on.
// Both are the work of whoever runs the deployment, as the owner of the database (see docs/adr/0075).
package erasure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
)

// Drain is how long a request may go on that was let in before access ended.
const Drain = 10 * time.Second

// callsAtOnce is how many blobs or secrets are destroyed at once.
const callsAtOnce = 16

// Deleter deletes workspaces. Each step may be repeated: a deletion that broke off goes on where it was.
type Deleter struct {
	Database Database
	Blobs    Blobs
	Vault    Vault
	// Buckets are the names of the buckets by region.
	Buckets map[string]string
	// Wait waits for what was let in before access ended.
	Wait func(ctx context.Context, d time.Duration) error
	// Say tells the operator of a step. Steps does so of one with many parts, and returns what is called after each
	// part, by several at once.
	Say   func(format string, args ...any)
	Steps func(what string, parts int) (done func())
}

// Order is what an operator asks for.
type Order struct {
	Workspace authz.WorkspaceID
	Reason    string
	// Export is the directory for the rows.
	Export string
	// KeepData ends the deletion once the export is complete: before anything is destroyed but what lets people in.
	KeepData bool
}

// Look says what would be deleted, and changes nothing. Errors: fault.NotFound; fault.Invalid for a region that the
// settings lack.
func (d Deleter) Look(ctx context.Context, id authz.WorkspaceID) (Record, error) {
	r, err := d.Database.Find(ctx, id)
	if err != nil {
		return r, err
	}

	if _, known := d.Buckets[r.Region]; !known {
		return r, fault.New(fault.Invalid, "--regions lacks %q, the region of this workspace.", r.Region)
	}

	if r.AccessEndedAt == nil {
		r.Counts, err = d.count(ctx, r)
	}

	return r, err
}

// Delete ends access, exports, destroys in Cloud Storage and in Secret Manager, drops the rows, and makes sure that
// nothing is left.
//
// Errors: those of Look; fault.Conflict if another call deletes it, an export has begun elsewhere, or lacks anything;
// fault.Unavailable; and what of the workspace is still there. After any of them the same call goes on.
func (d Deleter) Delete(ctx context.Context, o Order) (r Record, err error) {
	release, err := d.Database.Lock(ctx, o.Workspace)
	if err != nil {
		return r, err
	}

	defer func() { err = errors.Join(err, release()) }()

	r, err = d.Look(ctx, o.Workspace)
	if err != nil || r.EndedAt != nil {
		return r, err
	}

	if err := d.checkStores(ctx, r.Region); err != nil {
		return r, err
	}

	if err := d.exportAs(ctx, r, o); err != nil {
		return r, err
	}

	if !o.KeepData {
		if err := d.destroy(ctx, r); err != nil {
			return r, err
		}
	}

	return d.Database.Find(ctx, o.Workspace)
}

// exportAs makes sure that the export is complete where the order has it.
func (d Deleter) exportAs(ctx context.Context, r Record, o Order) error {
	switch {
	case r.ExportedAt != nil:
		return checkExport(o.Export)
	case r.AccessEndedAt == nil:
		r.Reason, r.Export = o.Reason, o.Export
	case r.Export != o.Export:
		return fault.New(fault.Conflict, "The export of this workspace has begun in %s: go on there, or move it back.",
			r.Export)
	}

	return d.export(ctx, &r)
}

// destroy ends what is in the two clouds before the rows that say where it is.
func (d Deleter) destroy(ctx context.Context, r Record) error {
	blobs, err := d.Database.Blobs(ctx, r.Workspace, r.Region)
	if err != nil {
		return err
	}

	if err := each(ctx, blobs, d.dropBlob, d.Steps("destroying blobs", len(blobs))); err != nil {
		return err
	}

	secrets, err := d.places(ctx, r)
	if err != nil {
		return err
	}

	if err := each(ctx, secrets, d.dropSecret, d.Steps("destroying secrets", len(secrets))); err != nil {
		return err
	}

	d.Say("dropping the rows")
	if err := d.Database.Drop(ctx, r.Workspace); err != nil {
		return err
	}

	// a server may have copied bytes out of staging meanwhile
	if err := each(ctx, blobs, d.dropBlob, d.Steps("looking for blobs again", len(blobs))); err != nil {
		return err
	}

	return d.verify(ctx, r.Workspace)
}

func (d Deleter) dropBlob(ctx context.Context, p object.Place) error {
	if err := d.Blobs.Drop(ctx, p); err != nil {
		return err
	}

	_, found, err := d.Blobs.Find(ctx, p)
	if err == nil && found {
		err = fmt.Errorf("%s is still in the bucket", p.Name)
	}

	return err
}

func (d Deleter) dropSecret(ctx context.Context, p secret.Place) error {
	if err := d.Vault.Delete(ctx, p); err != nil {
		return err
	}

	_, found, err := d.Vault.Find(ctx, p)
	if err == nil && found {
		err = fmt.Errorf("the secret %s is still in Secret Manager", p.ID)
	}

	return err
}

// verify looks into every table that there is now. Blobs and secrets were looked for when they were destroyed: where
// they were is known no more.
func (d Deleter) verify(ctx context.Context, id authz.WorkspaceID) error {
	left, err := d.Database.Count(ctx, id)
	if err != nil {
		return err
	}

	for table, n := range left {
		if n > 0 {
			return fmt.Errorf("%d rows of the workspace are left in the table %s", n, table)
		}
	}

	return d.Database.End(ctx, id)
}

// count are the rows by table, and what is in the two clouds.
func (d Deleter) count(ctx context.Context, r Record) (map[string]int64, error) {
	counts, err := d.Database.Count(ctx, r.Workspace)
	if err != nil {
		return nil, err
	}

	blobs, err := d.Database.Blobs(ctx, r.Workspace, r.Region)
	if err != nil {
		return nil, err
	}

	secrets, err := d.Database.Secrets(ctx, r.Workspace)
	counts["Cloud Storage"], counts["Secret Manager"] = int64(len(blobs)), int64(len(secrets))
	return counts, err
}

func (d Deleter) places(ctx context.Context, r Record) ([]secret.Place, error) {
	ids, err := d.Database.Secrets(ctx, r.Workspace)
	all := make([]secret.Place, len(ids))
	for i, id := range ids {
		all[i] = secret.Place{Region: r.Region, ID: id}
	}

	return all, err
}

func each[T any](ctx context.Context, all []T, do func(context.Context, T) error, done func()) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(callsAtOnce)
	for _, one := range all {
		work.Go(func() error {
			defer done()
			return do(ctx, one)
		})
	}

	return work.Wait()
}
