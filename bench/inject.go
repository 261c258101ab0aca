package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/reference"
	runs "github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// injected is how many secrets one injection hands out.
const injected = 50

// useSecrets has an agent use fifty secrets, and a runtime that may have them, and makes the body of the injection.
func (w *world) useSecrets(ctx context.Context) error {
	for len(w.secretIDs) < injected {
		if err := w.createSecret(ctx, len(w.secretIDs)); err != nil {
			return err
		}
	}

	db, err := postgres.Open(w.instance.DatabaseURL)
	if err != nil {
		return err
	}

	key, err := w.use(ctx, db, w.places[0].admin)
	w.injection = `{"query":"mutation($k: ID!, $s: [InjectSecretInput!]!) { injectSecrets(input: {run: {runId: \"bench\", stepId: \"1\"}, consumer: {kind: AGENT, externalId: \"bench\"}, runtimeKeyId: $k, secrets: $s}) { leaseId secrets { name version sealed } } }","variables":{"k":"` +
		key.ID.String() + `","s":[`
	for i, id := range w.secretIDs[:injected] {
		if i > 0 {
			w.injection += ","
		}

		w.injection += `{"secretId":"` + id + `"}`
	}

	w.injection += `]}}`
	return errors.Join(err, db.Close())
}

func (w *world) use(ctx context.Context, db *postgres.DB, admin authz.Actor) (runs.RuntimeKey, error) {
	ids := make([]secret.ID, injected)
	for i := range ids {
		ids[i] = secret.ID(w.secretIDs[i])
	}

	if _, err := reference.NewService(db.References()).Set(ctx, admin, reference.Consumer{
		Kind:       reference.Agent,
		ExternalID: "bench",
		Name:       "bench",
	}, ids); err != nil {
		return runs.RuntimeKey{}, err
	}

	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return runs.RuntimeKey{}, err
	}

	return runs.NewService(db.Runs(), db.RuntimeKeys(), nil, nil, time.Now).
		AddKey(ctx, admin, "bench", private.PublicKey().Bytes())
}

// redaction is how many bytes of log lines a second one core redacts of a hundred secrets, each in all its forms.
//
// Units: bytes a second.
func redaction() (float64, error) {
	say("redacting…")
	secrets := make([]redact.Secret, 100)
	for i := range secrets {
		value := make([]byte, 40)
		_, _ = rand.Read(value) // it never fails
		secrets[i] = redact.Secret{Name: fmt.Sprint("s", i), Version: 1, Value: fmt.Appendf(nil, "%.40x", value)}
	}

	line := []byte(`2026-05-01T09:30:00Z INFO request served method=POST path=/graphql status=200 duration=12.3ms id=01980000-0000-7000-8000-00000000dead` + "\n")
	text := bytes.Repeat(line, 8<<10)
	w := redact.NewWriter(io.Discard, redact.NewSet(secrets))
	passed, began := 0, time.Now()
	for time.Since(began) < time.Second {
		n, err := w.Write(text)
		if err != nil {
			return 0, err
		}

		passed += n
	}

	return float64(passed) / time.Since(began).Seconds(), w.Close()
}
