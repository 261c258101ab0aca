package postgres_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
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
		"a rotation":   advance(of, nil),
		"rolling back": advance(of, new(int32(30))),
	}
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
