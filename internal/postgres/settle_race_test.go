package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// writers write to few keys at once, in every way there is.
type writers struct {
	fixture
	stores [2]datastore.ID
}

// TestWrites_OfAllKindsAtOnce_CountWhatThereIs has settlements, puts, copies, restores, deletes and ends of the same
// uploads meet at few keys. Whatever the order: blobs, datastores and the workspace count what is there, no key has
// more versions than are kept, each version is on record once, and nothing that a version refers to is freed.
func TestWrites_OfAllKindsAtOnce_CountWhatThereIs(t *testing.T) {
	t.Parallel()
	w := writers{fixture: newFixture(t)}
	for i := range w.stores {
		in, err := datastore.NewService(w.db.Datastores(), nil, nil, time.Now).Create(t.Context(), w.acme,
			datastore.CreateRequest{Name: fmt.Sprint(i), KeepVersions: new(int32(1 + 2*i))})
		testkit.Must(t, err)
		w.stores[i] = in.ID
	}

	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(worker)))
			for range 40 {
				if err := w.write(t, random); err != nil && !refusal(err) {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()

	super := w.superuser(t)
	for name, query := range map[string]string{
		"deadlocks": `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
		"blobs with other counts": `SELECT count(*) FROM blob b WHERE refs <> (SELECT count(*) FROM object_version v
			WHERE v.workspace_id = b.workspace_id AND v.blob_id = b.id)`,
		"datastores with other counts": `SELECT count(*) FROM datastore d WHERE (object_count, used_bytes) <>
			(SELECT count(DISTINCT o.id), coalesce(sum(size_bytes), 0)::bigint FROM object o JOIN object_version v
			ON v.object_id = o.id WHERE o.datastore_id = d.id)`,
		"workspaces with other counts": `SELECT count(*) FROM workspace_usage u
			WHERE (object_count, used_bytes, reserved_bytes) <>
			((SELECT count(*) FROM object o WHERE o.workspace_id = u.workspace_id),
			(SELECT coalesce(sum(size_bytes), 0)::bigint FROM object_version v WHERE v.workspace_id = u.workspace_id),
			(SELECT coalesce(sum(max_bytes), 0)::bigint FROM upload p WHERE p.workspace_id = u.workspace_id
				AND state = 'OPEN'))`,
		"objects that are not as their last version": `SELECT count(*) FROM object o JOIN datastore d
			ON d.id = o.datastore_id WHERE (SELECT (max(version), count(*) <= keep_versions) FROM object_version v
			WHERE v.object_id = o.id) IS DISTINCT FROM (current_version, true)`,
		"versions that are not on record once": `SELECT count(*) FROM object_version v WHERE 1 <>
			(SELECT count(*) FROM audit_event e WHERE e.target_id = v.object_id::text
			AND action IN ('datastore.object_created', 'datastore.object_restored')
			AND e.details->>'version' = v.version::text)`,
		"uploads whose end is not on record once": `SELECT count(*) FROM upload u WHERE state <> 'OPEN' AND 1 <>
			(SELECT count(*) FROM audit_event e WHERE e.details->>'uploadId' = u.id::text OR e.target_id = u.id::text
			AND action IN ('datastore.upload_rejected', 'datastore.upload_expired'))`,
	} {
		var n int
		testkit.Must(t, super.QueryRow(query).Scan(&n))
		if n != 0 {
			t.Errorf("there are %d %s", n, name)
		}
	}
}

// refusal reports that a write was refused for what others have written.
func refusal(err error) bool {
	_, refused := errors.AsType[*object.RefusedError](err)
	return refused || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable)
}

func (w writers) write(t *testing.T, random *rand.Rand) error {
	ctx, in := t.Context(), w.stores[random.IntN(2)]
	key := string(rune('a' + random.IntN(3)))
	from := object.Source{DatastoreID: w.stores[random.IntN(2)], Key: string(rune('a' + random.IntN(3)))}
	now := time.Now().UTC()
	to := object.WriteRequest{DatastoreID: in, Key: key, LandedAt: &now, Version: object.Version{
		ID:          ident.New[object.Version](),
		BlobID:      object.BlobID(uuid.NewString()),
		SizeBytes:   random.Int64N(100),
		ContentType: "text/csv",
		CreatedBy:   w.acme.Who,
	}}
	made := object.AwaitsVersion(audit.Record(w.acme, audit.ObjectCreated))
	var free []object.BlobID
	var err error
	switch random.IntN(7) {
	case 0:
		_, free, err = w.db.Objects().Put(ctx, to, made)
	case 1:
		_, free, err = w.db.Objects().CopyVersion(ctx, from, to, made.Awaits("source"))
	case 2:
		_, free, err = w.db.Objects().RestoreVersion(ctx, int32(1+random.IntN(20)), to,
			object.AwaitsVersion(audit.Record(w.acme, audit.ObjectRestored)))
	case 3:
		_, free, err = w.db.Objects().Delete(ctx, in, key, object.Precondition{},
			audit.Record(w.acme, audit.ObjectDeleted).AwaitsTarget("object").Awaits("version"))
	default:
		free, err = w.settle(t, in, key, random)
	}
	if err != nil && len(free) > 0 {
		t.Errorf("%v are freed in spite of %v", free, err)
	}
	for _, id := range free {
		var refs int
		testkit.Must(t, open(t, w.SuperURL).QueryRow(`SELECT count(*) FROM object_version WHERE blob_id = $1`, id).
			Scan(&refs))
		if refs > 0 {
			t.Errorf("%s is freed, and %d versions refer to it", id, refs)
		}
	}
	return err
}

// settle begins an upload, and two settle or end it at once.
func (w writers) settle(t *testing.T, in datastore.ID, key string, random *rand.Rand) ([]object.BlobID, error) {
	now := time.Now().UTC()
	u := upload.Upload{
		ID:          ident.New[upload.Upload](),
		DatastoreID: in,
		Key:         key,
		ContentType: "text/csv",
		MaxBytes:    100,
		State:       upload.Open,
		ExpiresAt:   now.Add(time.Hour),
		CreatedAt:   now,
		CreatedBy:   w.acme.Who,
	}
	if err := w.db.Uploads().Create(t.Context(), u, audit.Record(w.acme, audit.UploadURLCreated)); err != nil {
		return nil, err
	}

	ends := random.IntN(3) == 0
	var both sync.WaitGroup
	both.Go(func() {
		if ends {
			_, err := w.db.Uploads().End(t.Context(), u, upload.Expired, "",
				audit.Record(w.acme, audit.UploadExpired).On("upload", u.ID.String(), key))
			if err != nil {
				t.Error(err)
			}
			return
		}
		if _, err := w.commit(t, u, now); err != nil {
			t.Error(err)
		}
	})
	free, err := w.commit(t, u, now)
	both.Wait()
	return free, err
}

func (w writers) commit(t *testing.T, u upload.Upload, landed time.Time) ([]object.BlobID, error) {
	_, free, err := w.db.Uploads().Commit(t.Context(), u,
		upload.Blob{SizeBytes: 10, ContentType: "text/csv", CreatedAt: landed},
		object.AwaitsVersion(audit.Record(w.acme, audit.ObjectCreated)).With("uploadId", u.ID),
		audit.Record(w.acme, audit.UploadRejected).On("upload", u.ID.String(), u.Key).Awaits("rejection"))
	return free, err
}
