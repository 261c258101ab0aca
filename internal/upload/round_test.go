package upload_test

import (
	"fmt"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestList_ManyUploadsToWhichNothingWasSent_HideNoneThatLanded lists as often as it takes to look at all.
func TestList_ManyUploadsToWhichNothingWasSent_HideNoneThatLanded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 45 {
		r.begin(t, r.acme, fmt.Sprintf("dead/%d", i))
	}
	r.land(t, r.begin(t, r.acme, "landed"), "hello")
	for range 4 {
		first := int32(10)
		asked, err := page.Parse(&first, nil)
		testkit.Must(t, err)
		pages, err := r.objects.List(bg, r.acme, []datastore.ID{r.in}, object.Filter{}, asked)
		testkit.Must(t, err)
		if len(pages[0].Items) == 1 && pages[0].Items[0].Key == "landed" {
			return
		}
	}
	t.Error("an upload that has landed is not listed")
}
