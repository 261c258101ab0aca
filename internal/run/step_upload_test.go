package run_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestUpload_OfARun_IsWrittenByIt_WhoeverSettles(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	r := y.request("large.csv")
	r.Run = &second
	y.lands(r, "day,amount\n")
	y.lands(y.request("by a key"), "x")
	if v := y.do(y.step(run.Get, "large.csv")).Version; v.WrittenBy == nil || *v.WrittenBy != second {
		t.Errorf("it is written by %v", v.WrittenBy)
	}
	if v := y.do(y.step(run.Get, "by a key")).Version; v.WrittenBy != nil {
		t.Errorf("what no run wrote is written by %v", v.WrittenBy)
	}
	copied, err := y.objects.Copy(t.Context(), y.acme, object.CopyRequest{
		From:      object.Source{DatastoreID: r.DatastoreID, Key: "large.csv"},
		TargetID:  r.DatastoreID,
		TargetKey: "copy.csv",
	})
	testkit.Must(t, err)
	if copied.WrittenBy != nil {
		t.Errorf("a copy that no run made is written by %v", copied.WrittenBy)
	}
	if got := y.text(`SELECT string_agg(action, ', ' ORDER BY id) FROM audit_event
		WHERE details @> '{"runId": "run-1", "stepId": "step-2"}'`); got !=
		"datastore.upload_url_created, datastore.object_created" {
		t.Errorf("on record of the run: %s", got)
	}
	r.Run = &run.Run{RunID: "run-1"}
	_, err = y.uploads.Begin(t.Context(), y.acme, r)
	wantField(t, err, fault.Invalid, "stepId")
}

func TestUpload_OfARunWhoseKeyWasRevokedSince_IsRejectedAsTheRuns(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	r := y.request("a")
	r.Run = &second
	g := y.lands(r, "x")
	_, err := apikey.NewService(y.DB.APIKeys(), nil, nil, nil).
		Revoke(t.Context(), y.acme, apikey.ID(y.acme.PrincipalID))
	testkit.Must(t, err)
	u, err := y.uploads.Complete(t.Context(), y.acme, g.Upload.ID)
	testkit.Must(t, err)
	if u.State != upload.Rejected || *u.Rejection != upload.Revoked {
		t.Errorf("it is %s", u.State)
	}
	if got := y.text(`SELECT string_agg(action, ', ' ORDER BY id) FROM audit_event WHERE details->>'runId' = 'run-1'`); !slices.Contains(strings.Split(got, ", "), "datastore.upload_rejected") {
		t.Errorf("on record of the run: %s", got)
	}
}
