package upload

import (
	"cmp"
	"context"
	"slices"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
)

// clear drops what a settled upload leaves behind in storage. What cannot be dropped now is swept later.
func (s *Service) clear(ctx context.Context, a authz.Actor, u Upload, free []object.BlobID) {
	s.drop(ctx, u.staged(a.Region))
	s.collector.Free(ctx, a, free)
}

func (s *Service) drop(ctx context.Context, p object.Place) {
	if err := s.blobs.Drop(context.WithoutCancel(ctx), p); err != nil {
		s.log.WarnContext(ctx, "a staged blob was not dropped yet", "error", err)
	}
}

// inOrder returns the indices of blobs by when they landed; those that have not come last.
func inOrder(landed []*Blob) []int {
	order := make([]int, len(landed))
	for i := range order {
		order[i] = i
	}

	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case landed[i] == nil || landed[j] == nil:
			return cmp.Compare(absent(landed[i]), absent(landed[j]))
		default:
			return landed[i].CreatedAt.Compare(landed[j].CreatedAt)
		}
	})
	return order
}

func absent(b *Blob) int {
	if b == nil {
		return 1
	}

	return 0
}
