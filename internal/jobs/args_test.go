package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

// beforeArgs is how the version before reads and writes the arguments of a job.
type beforeArgs struct {
	Chore     string            `json:"chore"`
	Workspace authz.WorkspaceID `json:"workspace"`
	Region    string            `json:"region"`
	ID        string            `json:"id"`
	Version   int32             `json:"version"`
}

const someID = "01980000-0000-7000-8000-000000000001"

var someWorkspace = authz.WorkspaceID("01980000-0000-7000-8000-000000000002")

// TestOf_ArgumentsOfAJob_AreThoseOfTheVersionBefore keeps servers of both versions beside each other: each decodes
// what the other has queued, and River takes one item for one job.
func TestOf_ArgumentsOfAJob_AreThoseOfTheVersionBefore(t *testing.T) {
	t.Parallel()
	before := beforeArgs{"", someWorkspace, "eu", someID, 0}
	of := func(batch string, version int32) beforeArgs {
		args := before
		args.Chore, args.Version = batch, version
		return args
	}
	t.Run("secret", func(t *testing.T) {
		t.Parallel()
		wantArgs(t, secret.WorkItem{Workspace: someWorkspace, Region: "eu", ID: someID, Version: 1 << 30},
			of("secret", 1<<30))
	})
	t.Run("upload", func(t *testing.T) {
		t.Parallel()
		wantArgs(t, upload.WorkItem{Workspace: someWorkspace, Region: "eu", ID: someID}, of("upload", 0))
	})
	t.Run("blob", func(t *testing.T) {
		t.Parallel()
		wantArgs(t, object.WorkItem{Workspace: someWorkspace, Region: "eu", ID: someID}, of("blob", 0))
	})
	t.Run("deletion", func(t *testing.T) {
		t.Parallel()
		wantArgs(t, deletion.WorkItem{
			Workspace: someWorkspace,
			Region:    "eu",
			ID:        someID,
			Attempt:   3,
		}, of("deletion", 3))
	})
}

func wantArgs[D comparable](t *testing.T, item D, want beforeArgs) {
	t.Helper()
	s, searched, did := newServers(t), make(chan struct{}, 1000), make(chan D, 10)
	db := s.pool()
	old, err := json.Marshal(want)
	testkit.Must(t, err)
	// An earlier server has queued another item, which differs in its region.
	queued := want
	queued.Region = "us"
	raw, err := json.Marshal(queued)
	testkit.Must(t, err)
	_, err = db.ExecContext(t.Context(), `INSERT INTO river.river_job (kind, args, max_attempts)
		VALUES ('do', $1, 25)`, raw)
	testkit.Must(t, err)
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		want.Chore,
		100*time.Millisecond,
		func(_ context.Context, after D) ([]D, error) {
			if after == item {
				searched <- struct{}{}
				return nil, nil
			}
			return []D{item}, nil
		},
		func(_ context.Context, d D) error { did <- d; return errors.New("stay, to be compared") },
	)}})
	got := []D{<-did, <-did}
	for range 3 {
		wait(t, searched)
	}
	s.end()
	if got[0] == got[1] || got[0] != item && got[1] != item {
		t.Errorf("it did %+v", got)
	}
	var n int
	var args []byte
	testkit.Must(t, db.QueryRowContext(t.Context(), `SELECT count(*), max(args::text) FROM river.river_job
		WHERE kind = 'do' AND args->>'region' = 'eu'`).Scan(&n, &args))
	if n != 1 || !reflect.DeepEqual(fields(t, args), fields(t, old)) {
		t.Errorf("%d jobs, the arguments are %s, want %s", n, args, old)
	}
}

func fields(t *testing.T, object []byte) (all map[string]any) {
	t.Helper()
	testkit.Must(t, json.Unmarshal(object, &all))
	return all
}
