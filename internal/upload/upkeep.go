package upload

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
)

const (
	stagingPrefix = "staging/"
	dueAtOnce     = 500
)

// WorkItem is an upload to settle, or whose staged bytes are to be dropped. It is the argument of a job.
type WorkItem struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        ID                `db:"upload_id"    json:"id"`
	// IsOpen tells that its bytes may still become an object. It may change before a job begins, so no job keeps it.
	IsOpen bool `json:"-"`
}

// by is who acts where nobody asked.
func (d WorkItem) by() authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.System, Label: "system"}, Workspace: d.Workspace, Region: d.Region}
}

func (d WorkItem) staged() object.Place { return Upload{ID: d.ID}.staged(d.Region) }

// UpkeepStore finds uploads of any workspace.
type UpkeepStore interface {
	// Among returns those of the ids that exist, in any order.
	Among(ctx context.Context, ids []ID) ([]WorkItem, error)
	// Overdue returns open uploads whose URL expired before a time, after one of them: the zero one comes
	// before all.
	Overdue(ctx context.Context, at time.Time, after WorkItem, most int) ([]WorkItem, error)
}

// StagedBlob is a blob in staging.
type StagedBlob struct {
	Name      string
	CreatedAt time.Time
}

// Staging lists the blobs in staging.
type Staging interface {
	// ListStaged returns blobs whose names come after one, in the order of names. Errors: fault.Unavailable.
	ListStaged(ctx context.Context, region, after string, most int) ([]StagedBlob, error)
}

// Upkeep settles landed uploads, ends overdue ones, and drops leftover blobs in staging. Each step may be repeated by
// any server.
type Upkeep struct {
	store   UpkeepStore
	staging Staging
	service *Service
	regions []string
}

// NewUpkeep returns the upkeep of uploads in some regions; they are settled by the service.
func NewUpkeep(store UpkeepStore, staging Staging, service *Service, regions []string) *Upkeep {
	return &Upkeep{store: store, staging: staging, service: service, regions: slices.Sorted(slices.Values(regions))}
}

// FindOverdue returns some of the open uploads that can receive no more bytes, after the given one; nothing at the end.
func (u *Upkeep) FindOverdue(ctx context.Context, after WorkItem) ([]WorkItem, error) {
	return u.store.Overdue(ctx, u.service.now().Add(-grace), after, dueAtOnce)
}

// FindStaged returns some uploads with blobs in staging to settle or drop, after the given one; nothing at the end.
func (u *Upkeep) FindStaged(ctx context.Context, after WorkItem) ([]WorkItem, error) {
	for _, region := range u.regions {
		if region < after.Region {
			continue
		}

		name := ""
		if region == after.Region {
			name = after.staged().Name
		}

		if due, err := u.findIn(ctx, region, name); err != nil || len(due) > 0 {
			return due, err
		}
	}

	return nil, nil
}

// findIn lists a region page by page, until one has something to do.
func (u *Upkeep) findIn(ctx context.Context, region, after string) ([]WorkItem, error) {
	for {
		page, err := u.staging.ListStaged(ctx, region, after, dueAtOnce)
		if err != nil || len(page) == 0 {
			return nil, err
		}

		if due, err := u.itemsOf(ctx, region, page); err != nil || len(due) > 0 {
			return due, err
		}

		after = page[len(page)-1].Name
	}
}

// itemsOf returns the uploads of a page of blobs, in its order. It leaves blobs without a row, or of another region, to
// the reconciler: the database may be the wrong one, or behind.
func (u *Upkeep) itemsOf(ctx context.Context, region string, page []StagedBlob) ([]WorkItem, error) {
	var ids []ID
	for _, s := range page {
		ids = append(ids, idOf(s.Name))
	}

	known, err := u.store.Among(ctx, ids)
	if err != nil {
		return nil, err
	}

	var due []WorkItem
	for _, id := range ids {
		if at := slices.IndexFunc(known, func(d WorkItem) bool { return d.ID == id && d.Region == region }); at >= 0 {
			due = append(due, known[at])
		}
	}

	return due, nil
}

// idOf returns the id of the upload that a staged blob belongs to; empty for another name.
func idOf(name string) ID {
	text, found := strings.CutPrefix(name, stagingPrefix)
	if id := ID(text); found && id.Valid() {
		return id
	}

	return ""
}

// Do settles an open upload, and drops what is staged for one that has ended.
func (u *Upkeep) Do(ctx context.Context, d WorkItem) error {
	known, err := u.store.Among(ctx, []ID{d.ID})
	switch {
	case err != nil:
	case len(known) == 0 || known[0].Region != d.Region:
	case known[0].IsOpen:
		err = u.service.settleDue(ctx, known[0])
	default:
		err = u.service.blobs.Drop(ctx, d.staged())
	}

	if err != nil {
		return fmt.Errorf("upkeep of upload %s: %w", d.ID, err)
	}

	return nil
}

// Landed settles the upload that a blob in storage belongs to, as Complete does, in the name of the system. The name is
// an untrusted hint: Landed ignores names of anything but an open upload of that region.
//
// Errors: fault.Unavailable: a retry may succeed.
func (u *Upkeep) Landed(ctx context.Context, region, name string) error {
	id := idOf(name)
	if id == "" {
		return nil
	}

	known, err := u.store.Among(ctx, []ID{id})
	if err != nil || len(known) == 0 || known[0].Region != region || !known[0].IsOpen {
		return err
	}

	return u.service.settleDue(ctx, known[0])
}

func (s *Service) settleDue(ctx context.Context, d WorkItem) error {
	upload, err := s.Find(ctx, d.by(), d.ID)
	if err != nil || upload.State != Open {
		return err
	}

	_, err = s.settle(ctx, d.by(), upload)
	return err
}
