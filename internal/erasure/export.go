package erasure

import (
	"context"
	"fmt"
	"strings"

	"github.com/provenanceone/data-api/internal/object"
)

// BlobList names each blob of the export as `gcloud storage cp --read-paths-from-stdin` takes it; Manifest has the size
// and the SHA-256 of each other file; Marker says whose deletion a directory belongs to, from the first on.
const (
	BlobList = "blobs.txt"
	Manifest = "manifest.json"
	Marker   = "deleting.json"
)

// export writes down what there is. Rows that let people in are written, and dropped, before all others: so nothing of
// theirs comes after the rest is written.
func (d Deleter) export(ctx context.Context, r *Record) error {
	if err := checkDirectory(*r); err != nil {
		return err
	}

	if r.AccessEndedAt == nil {
		if err := d.endAccess(ctx, r); err != nil {
			return err
		}
	}

	if err := d.Wait(ctx, Drain); err != nil {
		return err
	}

	d.Say("exporting to %s", r.Export)
	if err := d.exportRows(ctx, *r); err != nil {
		return err
	}

	return d.Database.Exported(ctx, r.Workspace)
}

// endAccess marks the directory first, so that it is known again whatever breaks off.
func (d Deleter) endAccess(ctx context.Context, r *Record) error {
	if err := d.Database.Begin(ctx, *r); err != nil {
		return err
	}

	begun, err := d.Database.Find(ctx, r.Workspace)
	if err != nil {
		return err
	}

	*r = begun
	m := marker{Workspace: r.Workspace, BegunAt: r.BegunAt}
	if err := writeJSON(r.Export, Marker, m); err != nil {
		return err
	}

	to := newFiles(r.Export, func() (err error) {
		if m.Files, err = list(r.Export); err != nil {
			return err
		}

		return writeJSON(r.Export, Marker, m)
	})
	defer to.close()

	d.Say("ending access to %s", r.Workspace)
	return d.Database.EndAccess(ctx, r.Workspace, to)
}

func (d Deleter) exportRows(ctx context.Context, r Record) error {
	to := newFiles(r.Export, func() error { return nil })
	defer to.close()

	blobs, err := d.Database.Export(ctx, r.Workspace, r.Region, to)
	if err != nil {
		return err
	}

	if err := to.Flush(); err != nil {
		return err
	}

	if err := write(r.Export, BlobList, d.addresses(blobs)); err != nil {
		return err
	}

	all, err := list(r.Export, BlobList)
	if err != nil {
		return err
	}

	return writeJSON(r.Export, Manifest, map[string]any{
		"workspaceId": r.Workspace,
		"region":      r.Region,
		"counts":      r.Counts,
		"files":       all,
	})
}

func (d Deleter) addresses(blobs []object.Place) []byte {
	var all strings.Builder
	for _, p := range blobs {
		fmt.Fprintf(&all, "gs://%s/%s\n", d.Buckets[p.Region], p.Name)
	}

	return []byte(all.String())
}
