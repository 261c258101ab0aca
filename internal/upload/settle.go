package upload

import (
	"context"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

// A request spends at most this on settling what others have uploaded.
const (
	maxStats   = 20
	settleTime = time.Second
)

// settlePage is how many open uploads are read at once.
const settlePage = 500

// SettleKey implements object.Settler: all open uploads of one key.
func (s *Service) SettleKey(ctx context.Context, a authz.Actor, in []datastore.ID, key string) error {
	return s.settleAll(ctx, a, OpenFilter{In: in, Key: key})
}

// SettleAll implements datastore.Settler: every open upload of a datastore.
func (s *Service) SettleAll(ctx context.Context, a authz.Actor, in datastore.ID) error {
	return s.settleAll(ctx, a, OpenFilter{In: []datastore.ID{in}})
}

// SettleBelow implements deletion.Settler: every open upload of the keys that start with prefix.
func (s *Service) SettleBelow(ctx context.Context, a authz.Actor, in datastore.ID, prefix string) error {
	return s.settleAll(ctx, a, OpenFilter{In: []datastore.ID{in}, Prefix: prefix})
}

// endOverdue settles or expires uploads that can receive no more bytes, so that what they reserved is free again.
// What cannot be ended now, within a second, keeps its reservation until it can: nobody else's upload fails for it.
func (s *Service) endOverdue(ctx context.Context, a authz.Actor) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	open, err := s.store.ListOpen(ctx, a.Workspace, OpenFilter{ExpiredBefore: s.now().Add(-grace)}, maxStats)
	if err == nil {
		err = s.settleThese(ctx, a, open)
	}

	if err != nil {
		s.log.WarnContext(ctx, "overdue uploads were not ended yet", "error", err)
	}
}

// settleAll reads the uploads page by page, however many there are, and settles them together: what landed first is
// taken first, whichever page it is on.
func (s *Service) settleAll(ctx context.Context, a authz.Actor, which OpenFilter) error {
	var all []Upload
	for which.Since = ID(uuid.Nil.String()); ; {
		open, err := s.store.ListOpen(ctx, a.Workspace, which, settlePage)
		if err != nil {
			return err
		}

		all = append(all, open...)
		if len(open) < settlePage {
			return s.settleThese(ctx, a, all)
		}

		which.Since = open[len(open)-1].ID
	}
}

func (s *Service) settleThese(ctx context.Context, a authz.Actor, open []Upload) error {
	if len(open) == 0 {
		return nil
	}

	landed, err := s.landed(ctx, a, open)
	if err != nil {
		return err
	}

	return s.finishAll(ctx, a, open, landed)
}

// landed asks storage for the bytes of uploads; nil where none have come.
func (s *Service) landed(ctx context.Context, a authz.Actor, open []Upload) ([]*Blob, error) {
	landed := make([]*Blob, len(open))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxStats)
	for i, u := range open {
		group.Go(func() error {
			b, found, err := s.blobs.Stat(groupCtx, u.staged(a.Region))
			if found {
				landed[i] = &b
			}

			return err
		})
	}

	return landed, group.Wait()
}

// finishAll takes uploads in the order in which their bytes landed, so that none supersedes an earlier one needlessly.
func (s *Service) finishAll(ctx context.Context, a authz.Actor, open []Upload, landed []*Blob) error {
	for _, i := range inOrder(landed) {
		if _, err := s.finish(ctx, a, open[i], landed[i]); err != nil {
			return err
		}
	}

	return nil
}

func (s *Service) settle(ctx context.Context, a authz.Actor, u Upload) (Upload, error) {
	b, found, err := s.blobs.Stat(ctx, u.staged(a.Region))
	if err != nil {
		return u, err
	}

	if found {
		return s.finish(ctx, a, u, &b)
	}

	// whoever settled it since has dropped what was staged
	if u, err = s.Find(ctx, a, u.ID); err != nil || u.State != Open {
		return u, err
	}

	return s.finish(ctx, a, u, nil)
}

// finish ends an upload by what has landed: nothing (it stays open, or expires), what was not allowed, or a new
// version.
func (s *Service) finish(ctx context.Context, a authz.Actor, u Upload, landed *Blob) (Upload, error) {
	if landed == nil {
		return s.expire(ctx, a, u)
	}

	if why := u.refuse(*landed); why != "" {
		return s.reject(ctx, a, u, why)
	}

	kept, err := s.blobs.Promote(ctx, u.staged(a.Region), landed.Generation, object.BlobPlace(a.Region, u.blob()))
	if fault.Is(err, fault.NotFound) { // whoever settled it since has dropped what was staged
		return s.Find(ctx, a, u.ID)
	}

	if err != nil {
		return u, err
	}

	kept.CreatedAt = landed.CreatedAt // the order of uploads is the order of landing in staging
	made := object.AwaitsVersion(u.Within(audit.Record(u.asker(a), audit.ObjectCreated))).
		With("datastoreId", u.DatastoreID).With("uploadId", u.ID)
	u, free, err := s.store.Commit(ctx, u, kept, made, u.rejected(a).Awaits("rejection"))
	if err != nil {
		return u, err
	}

	s.clear(ctx, a, u, free)
	return u, nil
}

func (s *Service) expire(ctx context.Context, a authz.Actor, u Upload) (Upload, error) {
	if !u.overdue(s.now()) {
		return u, nil
	}

	return s.store.End(ctx, u, Expired, "", u.entry(a, audit.UploadExpired))
}

func (s *Service) reject(ctx context.Context, a authz.Actor, u Upload, why Rejection) (Upload, error) {
	u, err := s.store.End(ctx, u, Rejected, why, u.rejected(a).With("rejection", why))
	if err == nil {
		s.drop(ctx, u.staged(a.Region))
	}

	return u, err
}

func (u Upload) entry(a authz.Actor, action audit.Action) audit.Entry {
	return u.Within(audit.Record(u.asker(a), action)).On("upload", u.ID.String(), u.Key).
		With("datastoreId", u.DatastoreID)
}

func (u Upload) rejected(a authz.Actor) audit.Entry {
	return u.entry(a, audit.UploadRejected).Ended(audit.Failed)
}

// Within returns the entry with the run that writes, if one does.
func (u Upload) Within(e audit.Entry) audit.Entry {
	if u.Run == nil {
		return e
	}

	return e.With("runId", u.Run.RunID).With("stepId", u.Run.StepID)
}

// asker is whoever asked for the upload, acting now; the request is that of whoever settles it.
func (u Upload) asker(settler authz.Actor) authz.Actor {
	return authz.Actor{
		Who:       u.CreatedBy,
		Workspace: settler.Workspace,
		Region:    settler.Region,
		From:      authz.Origin{RequestID: settler.From.RequestID},
	}
}
