package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// wantLimit fails unless the first calls are done and the next one is refused.
func wantLimit(t *testing.T, most int, do func(i int) error) {
	t.Helper()
	for i := range most {
		testkit.Must(t, do(i))
	}
	if err := do(most); !fault.Is(err, fault.QuotaExceeded) {
		t.Errorf("one more: %v", err)
	}
}

func TestLimits_OfLeases_CountThoseThatAreOpen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.inject(t, f.secret(t, "stripe"))
	f.db.Limits.OpenLeases = 3
	wantLimit(t, 2, func(int) error {
		c.Under = ident.New[run.Lease]()
		return f.pin(t, c)
	})

	_, err := f.superuser(t).
		Exec(`UPDATE lease SET ended_at = now() WHERE id = (SELECT min(id::text)::uuid FROM lease)`)
	testkit.Must(t, err)
	testkit.Must(t, f.pin(t, c))
}

func TestLimits_OfAWorkspace_RefuseOneMore(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	n.db.Limits = postgres.Limits{Secrets: 3, SecretVersions: 4, APIKeys: 2, RunningDeletions: 2}
	n.plant(t, 1, 3)
	wantLimit(t, 2, func(int) error {
		_, err := n.begin(t.Context(), "a/")
		return err
	})
	_, err := n.begin(t.Context(), "nothing") // which is done at once
	testkit.Must(t, err)

	var first secret.ID
	wantLimit(t, 3, func(i int) error {
		s := secret.Secret{
			ID:        ident.New[secret.Secret](),
			Name:      string(rune('a' + i)),
			Format:    secret.Text,
			CreatedAt: time.Now(),
			CreatedBy: n.acme.Who,
		}
		if i == 0 {
			first = s.ID
		}
		return n.db.Secrets().Reserve(t.Context(), n.acme.Workspace, s)
	})
	kept := func(number int) secret.StoredValue {
		return secret.StoredValue{Number: secret.Number(number), Format: secret.Text, Fingerprint: make([]byte, 32)}
	}
	testkit.Must(t, n.db.Secrets().Activate(t.Context(), secret.Secret{
		ID:             first,
		Name:           "a",
		CurrentVersion: 1,
	}, kept(1), nil, audit.Record(n.acme, audit.SecretCreated)))
	advance := func(number int) error {
		_, _, err := n.db.Secrets().
			Advance(t.Context(), secret.AdvanceRequest{SecretID: first, StoredValue: kept(number)},
				audit.Record(n.acme, audit.SecretRotated).Awaits("version").MayHave("sameValue"))
		return err
	}
	wantLimit(t, 3, func(i int) error { return advance(i + 2) })
	_, err = n.superuser(t).Exec(`UPDATE secret_version SET destroyed_at = now() WHERE version = 1`)
	testkit.Must(t, err)
	testkit.Must(t, advance(6))

	keys := apikey.NewService(n.db.APIKeys(), func() apikey.Token {
		return apikey.Token{Text: "t", Prefix: "p", Hash: []byte(ident.New[apikey.Token]())[4:]}
	}, nil, time.Now)
	wantLimit(t, 2, func(i int) error {
		_, err := keys.Create(t.Context(), n.acme,
			apikey.CreateRequest{Name: string(rune('a' + i)), Scopes: []authz.Scope{authz.AuditRead}})
		return err
	})
}
