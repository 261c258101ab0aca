package postgres_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

// vaultNumbers are of values that nobody reads.
var vaultNumbers atomic.Int64

// decisions are the statements that decide and write at once, about a secret with very many versions.
func decisions() map[string]list {
	of := named[secret.ID]("secret0")
	return map[string]list{
		"the reveal of a version": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			e := audit.Record(whoever(ws), audit.SecretAccessed).AwaitsTarget("secret").Awaits("version")
			_, err := db.Secrets().Reveal(ctx, secret.RevealTarget{SecretID: of, Version: new(int32(30))}, e)
			return 1, err
		},
		"a rotation":       advance(of, nil),
		"rolling back":     advance(of, new(int32(30))),
		"a settlement":     settle,
		"an end of upload": endUpload,
		"a put":            put,
	}
}

// landed counts the uploads that the seeds leave open and that are ended by now.
var landed atomic.Int64

// nextLanded is an upload that is open, of whoever may write. Each replaces the version before, which is not kept.
func nextLanded(ws authz.WorkspaceID) (u upload.Upload, made audit.Entry) {
	u = upload.Upload{
		ID:          named[upload.ID](fmt.Sprintf("landed%d", landed.Add(1))),
		DatastoreID: firstStore,
		Key:         "landed",
		CreatedBy:   authz.Who{Kind: authz.User, PrincipalID: named[member.ID]("writer").String(), Label: "w"},
	}
	return u, audit.Record(whoever(ws), audit.ObjectCreated)
}

// settle makes the next upload that has landed an object.
func settle(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
	u, made := nextLanded(ws)
	at := time.Now()
	settled, free, err := db.Uploads().Commit(ctx, u,
		upload.Blob{SizeBytes: 1, ContentType: "text/csv", CRC32C: "AAAAAA==", CreatedAt: at},
		object.AwaitsVersion(made), audit.Record(whoever(ws), audit.UploadRejected).On("upload", u.ID.String(), u.Key).
			Awaits("rejection"))
	if err == nil && settled.State != upload.Completed {
		err = fmt.Errorf("it is %s, %v, with %v to free", settled.State, settled.Rejection, free)
	}
	return 1, err
}

// endUpload ends the next one without an object.
func endUpload(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
	u, _ := nextLanded(ws)
	ended, err := db.Uploads().End(ctx, u, upload.Expired, "",
		audit.Record(whoever(ws), audit.UploadExpired).On("upload", u.ID.String(), u.Key))
	if err == nil && ended.State != upload.Expired {
		err = fmt.Errorf("it is %s", ended.State)
	}
	return 1, err
}

// put has a step write in the place of a version.
func put(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
	_, _, err := db.Objects().Put(ctx, object.WriteRequest{
		DatastoreID: firstStore,
		Key:         "put",
		Version: object.Version{
			ID:          ident.New[object.Version](),
			BlobID:      object.BlobID(uuid.NewString()),
			SizeBytes:   1,
			ContentType: "text/csv",
			CRC32C:      "AAAAAA==",
			CreatedBy:   whoever(ws).Who,
		},
	}, object.AwaitsVersion(audit.Record(whoever(ws), audit.ObjectCreated)))
	return 1, err
}

// advance makes a new value current, or that of an earlier version.
func advance(of secret.ID, from *int32) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		_, _, err := db.Secrets().Advance(ctx, secret.AdvanceRequest{
			SecretID: of,
			From:     from,
			StoredValue: secret.StoredValue{
				Number:      secret.Number(1_000_000_000 + vaultNumbers.Add(1)),
				Format:      secret.Text,
				Fingerprint: make([]byte, 32),
			},
			Retain: time.Hour,
		}, audit.Record(whoever(ws), audit.SecretRotated).On("secret", of.String(), "s").Awaits("version").
			MayHave("sameValue"))
		return 1, err
	}
}

func whoever(ws authz.WorkspaceID) authz.Actor {
	return authz.Actor{Workspace: ws, Who: authz.Who{Kind: authz.User, PrincipalID: "u", Label: "u"}}
}
