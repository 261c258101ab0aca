package deletion_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestDo_MoreThanARequestCounts_IsCountedBeforeItGoes begins a deletion of which a request has counted a part.
func TestDo_MoreThanARequestCounts_IsCountedBeforeItGoes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a/1", "a/2", "a/3", "b"} {
		r.keep(t, r.in, key, "12345")
	}
	prefix := "a/"
	d := deletion.Deletion{
		ID:           ident.New[deletion.Deletion](),
		DatastoreID:  r.in,
		Prefix:       &prefix,
		Counting:     true,
		ObjectsTotal: 1,
		CreatedBy:    r.acme.Who,
	}
	begun, err := r.DB.Deletions().
		Begin(t.Context(), d, audit.Record(r.acme, audit.PrefixDeleted).AwaitsTarget("datastore"))
	testkit.Must(t, err)
	if !begun.Counting || begun.ObjectsTotal != 1 {
		t.Errorf("begun is %+v", begun)
	}
	r.keep(t, r.in, "a/4", "1") // which came later, and is not counted
	r.finish(t)
	if done := r.find(t, d.ID); done.Counting || done.ObjectsTotal != 3 || done.ObjectsDeleted != 3 {
		t.Errorf("it is %+v", done)
	}
	if n := r.Count(t, `SELECT count(*) FROM deletion_count`); n != 0 {
		t.Errorf("%d counts are left", n)
	}
}
