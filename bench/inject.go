package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/reference"
	runs "github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// An injection hands out fifty secrets, in each of a few workspaces.
const (
	injected  = 50
	injecting = 4
)

// useSecrets has an agent of a few workspaces use fifty secrets, and a runtime that may have them.
func (w *world) useSecrets(ctx context.Context, db *postgres.DB) error {
	for _, p := range w.places[:injecting] {
		if err := p.use(ctx, db); err != nil {
			return err
		}
	}

	return nil
}

func (p *place) use(ctx context.Context, db *postgres.DB) error {
	ids, asked := make([]secret.ID, injected), make([]string, injected)
	for i := range ids {
		ids[i] = secret.ID(p.secrets[i])
		asked[i] = `{"secretId":"` + p.secrets[i] + `"}`
	}

	if _, err := reference.NewService(db.References()).Set(ctx, p.admin, reference.Consumer{
		Kind:       reference.Agent,
		ExternalID: "bench",
		Name:       "bench",
	}, ids); err != nil {
		return err
	}

	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}

	key, err := runs.NewService(db.Runs(), db.RuntimeKeys(), nil, nil, time.Now).
		AddKey(ctx, p.admin, "bench", private.PublicKey().Bytes())
	p.used, p.runtime = strings.Join(asked, ","), key.ID.String()
	return err
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
