package runtime

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/provenanceone/data-api/client"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/seal"
)

// Lease is the secrets of a run, at the versions that were current when it began. It never prints a value.
type Lease struct {
	client  *Client
	request Request

	mu        sync.Mutex
	id        string
	token     []byte
	expiresAt time.Time
	held      map[Secret]held
}

type held struct {
	name    string
	version int
	value   []byte
}

// errForeign says that what came back is not what was asked for: a server that is not ours, or somebody in between.
var errForeign = errors.New("runtime client: an answer was not sealed to this runtime's key for this lease")

func (l *Lease) inject(ctx context.Context, wanted []Secret) error {
	answer, err := l.client.ask(ctx, l, wanted)
	if err != nil {
		return err
	}

	private := l.client.key.private.Bytes()
	defer clear(private)
	token, err := seal.Open(private, seal.Info{Purpose: seal.Lease, ID: answer.LeaseId}, answer.SealedToken)
	if err != nil {
		return errForeign
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	l.id, l.token, l.expiresAt = answer.LeaseId, token, answer.ExpiresAt
	for _, s := range answer.Secrets {
		of := Secret{ID: s.SecretId}
		if s.Field != nil {
			of.Field = *s.Field
		}

		value, err := seal.Open(private, seal.Info{
			Purpose:  seal.Lease,
			ID:       l.id,
			SecretID: of.ID,
			Version:  s.Version,
			Field:    of.Field,
		}, s.Sealed)
		if err != nil {
			return errForeign
		}

		l.held[of] = held{name: s.Name, version: s.Version, value: value}
	}

	for _, s := range wanted {
		if _, there := l.held[s]; !there {
			return fmt.Errorf("runtime client: the answer lacks the secret %s", s.ID)
		}
	}

	return nil
}

// Next gets secrets for a later step of the run, at the versions that the lease has pinned; a secret that is new to
// it, at the current one.
func (l *Lease) Next(ctx context.Context, stepID string, secrets []Secret) error {
	l.request.Run.StepID = stepID
	return l.inject(ctx, secrets)
}

// ID is the lease's, for the platform's own records.
func (l *Lease) ID() string { return l.id }

// ExpiresAt is when the lease ends by itself.
func (l *Lease) ExpiresAt() time.Time { return l.expiresAt }

// Value returns a value of the lease; ok is false for what it has not got. The bytes are the caller's own.
func (l *Lease) Value(s Secret) (value []byte, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, ok := l.held[s]
	return append([]byte{}, h.value...), ok
}

// Redact returns what passes on to dst all that is written to it, with `[secret:NAME@vN]` in place of every secret
// that the lease has by now, in the encodings that the API's redaction knows, however the text is cut in pieces. Close
// passes on what was held back; it does not close dst.
func (l *Lease) Redact(dst io.Writer) io.WriteCloser { return redact.NewWriter(dst, l.set()) }

// Unmasked returns the names of those secrets of which Redact leaves parts as they are: words and numbers within a
// JSON secret that are too short or too common to be replaced wherever they stand.
func (l *Lease) Unmasked() (names []string) {
	for _, u := range l.set().Unmasked() {
		names = append(names, u.Name)
	}

	slices.Sort(names)
	return slices.Compact(names)
}

func (l *Lease) set() *redact.Set {
	l.mu.Lock()
	defer l.mu.Unlock()
	var secrets []redact.Secret
	for _, h := range l.held {
		secrets = append(secrets, redact.Secret{
			Name:    h.name,
			Version: h.version,
			Value:   h.value,
			JSON:    isObject(h.value),
		})
	}

	return redact.NewSet(secrets)
}

func isObject(value []byte) bool {
	var fields map[string]json.RawMessage
	return json.Unmarshal(value, &fields) == nil && fields != nil
}

// End ends the lease: nothing more is injected under it. The values are overwritten, whether or not the API answers.
func (l *Lease) End(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	token := base64.StdEncoding.EncodeToString(l.token)
	for _, h := range l.held {
		clear(h.value)
	}

	clear(l.token)
	clear(l.held)
	if _, err := client.EndLease(ctx, l.client.api, client.EndLeaseInput{LeaseId: l.id, Token: token}); err != nil {
		return fmt.Errorf("ending lease %s: %w", l.id, err)
	}

	return nil
}

// String says which lease it is, and nothing that it holds.
func (l *Lease) String() string { return "lease " + l.id }

// Format is String, whatever the verb.
func (l *Lease) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }
