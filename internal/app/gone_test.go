package app

import (
	"log/slog"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// TestJobs_OfAWorkspaceThatWasDeleted_EndWithoutError has items in the queue of what is there no more.
func TestJobs_OfAWorkspaceThatWasDeleted_EndWithoutError(t *testing.T) {
	t.Parallel()
	d, storage, vault := testkit.NewDatabase(t), testkit.NewStorage(t, time.Now), testkit.NewVault(t)
	log, gone := slog.New(slog.DiscardHandler), authz.NewWorkspaceID()
	reaper := object.NewReaper(d.DB.Objects(), storage.Store, log)
	uploads := upload.NewService(d.DB.Uploads(), storage.Store, reaper,
		upload.Options{Keys: [][]byte{make([]byte, 32)}, MaxBytes: 1 << 20, Now: time.Now, Log: log})
	secrets := secret.NewService(d.DB.Secrets(), vault, secret.Options{Keys: secret.ServerKeys{make([]byte, 32)}})
	upkeep := secret.NewUpkeep(d.DB.Secrets(), inventory{Vault: vault, cache: secret.NewCache(vault)}, secrets, time.Now)
	jobs := map[string]func() error{
		"uploads": func() error {
			return upload.NewUpkeep(d.DB.Uploads(), storage.Store, uploads, []string{"eu"}).Do(t.Context(),
				upload.WorkItem{Workspace: gone, Region: "eu", ID: ident.New[upload.Upload]()})
		},
		"blobs": func() error {
			return reaper.Drop(t.Context(), object.WorkItem{Workspace: gone, Region: "eu",
				ID: object.BlobID(ident.New[object.Object]())})
		},
		"deletions": func() error {
			return deletion.NewWorker(d.DB.Deletions(), storage.Store, time.Now, log).Do(t.Context(),
				deletion.WorkItem{Workspace: gone, Region: "eu", ID: ident.New[deletion.Deletion]()})
		},
	}
	for task := range secretIntervals {
		jobs[string(task)] = func() error {
			return upkeep.Do(t.Context(), task, secret.WorkItem{Workspace: gone, Region: "eu",
				ID: ident.New[secret.Secret](), Version: 1})
		}
	}
	for name, do := range jobs {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
