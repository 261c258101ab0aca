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

// Due is an upload that is looked at without anybody asking.
type Due struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        ID                `db:"upload_id"    json:"id"`
	// IsOpen tells that its bytes may still become an object. It may change before a job begins, so no job keeps it.
	IsOpen bool `json:"-"`
}

// by is who acts where nobody asked.
func (d Due) by() authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.System, Label: "system"}, Workspace: d.Workspace, Region: d.Region}
}

func (d Due) staged() object.Place { return Upload{ID: d.ID}.staged(d.Region) }

// UpkeepStore finds uploads of any workspace.
type UpkeepStore interface {
	// UploadsAmong returns those of the ids that exist, in any order.
	UploadsAmong(ctx context.Context, ids []ID) ([]Due, error)
	// OverdueUploads returns open uploads whose URL expired before a time, after one of them: the zero one comes
	// before all.
	OverdueUploads(ctx context.Context, at time.Time, after Due, most int) ([]Due, error)
}

// Staged is a blob in staging.
type Staged struct {
	Name      string
	CreatedAt time.Time
}

// Staging is what lies in staging.
type Staging interface {
	// ListStaged returns blobs whose names come after one, in the order of names. Errors: fault.Unavailable.
	ListStaged(ctx context.Context, region, after string, most int) ([]Staged, error)
}

// Upkeep settles what has landed, ends what is overdue, and drops what is left in staging. Each can be done again, by
// whoever comes next.
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

// FindOverdue returns some of the open uploads that can receive no more bytes, after one of them; nothing at the end.
func (u *Upkeep) FindOverdue(ctx context.Context, after Due) ([]Due, error) {
	return u.store.OverdueUploads(ctx, u.service.now().Add(-grace), after, dueAtOnce)
}

// FindStaged returns some of what is to be settled or dropped in staging, after one of them; nothing at the end.
func (u *Upkeep) FindStaged(ctx context.Context, after Due) ([]Due, error) {
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
func (u *Upkeep) findIn(ctx context.Context, region, after string) ([]Due, error) {
	for {
		page, err := u.staging.ListStaged(ctx, region, after, dueAtOnce)
		if err != nil || len(page) == 0 {
			return nil, err
		}

		if due, err := u.dueOf(ctx, region, page); err != nil || len(due) > 0 {
			return due, err
		}

		after = page[len(page)-1].Name
	}
}

// dueOf keeps the order of the page. What no row knows, or knows elsewhere, is left to the reconciler: the database
// may be the wrong one, or behind.
func (u *Upkeep) dueOf(ctx context.Context, region string, page []Staged) ([]Due, error) {
	var ids []ID
	for _, s := range page {
		ids = append(ids, idOf(s.Name))
	}

	known, err := u.store.UploadsAmong(ctx, ids)
	if err != nil {
		return nil, err
	}

	var due []Due
	for _, id := range ids {
		if at := slices.IndexFunc(known, func(d Due) bool { return d.ID == id && d.Region == region }); at >= 0 {
			due = append(due, known[at])
		}
	}

	return due, nil
}

// idOf is the upload that a staged blob is of; empty for another name.
func idOf(name string) ID {
	text, found := strings.CutPrefix(name, stagingPrefix)
	if id := ID(text); found && id.Valid() {
		return id
	}

	return ""
}

// Do settles an open upload, and drops what is staged for one that has ended.
func (u *Upkeep) Do(ctx context.Context, d Due) error {
	known, err := u.store.UploadsAmong(ctx, []ID{d.ID})
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

// Landed settles the upload that a blob in storage is of, as Complete does, and nobody is asked for. The name is a
// hint: what is no open upload of that region is left as it is.
//
// Errors: fault.Unavailable: it is worth telling again.
func (u *Upkeep) Landed(ctx context.Context, region, name string) error {
	id := idOf(name)
	if id == "" {
		return nil
	}

	known, err := u.store.UploadsAmong(ctx, []ID{id})
	if err != nil || len(known) == 0 || known[0].Region != region || !known[0].IsOpen {
		return err
	}

	return u.service.settleDue(ctx, known[0])
}

func (s *Service) settleDue(ctx context.Context, d Due) error {
	upload, err := s.Find(ctx, d.by(), d.ID)
	if err != nil || upload.State != Open {
		return err
	}

	_, err = s.settle(ctx, d.by(), upload)
	return err
}
