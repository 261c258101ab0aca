// Package idempotency lets a mutation be sent again: what has one key is carried out once, and every answer names the
// same things.
//
// A call is claimed first, with the ids that it will use: that of the event which it puts on record, and that of what
// it makes. The log holds an event once. So of several attempts at most one commits, and whether the call was carried
// out is asked of the log, which cannot be at odds with what was done. Bodies, values, tokens and URLs are never kept.
package idempotency

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

const (
	// KeptFor is how long a key is remembered.
	KeptFor = 24 * time.Hour
	// TakenOverAfter is how long a claim may be without an outcome before another caller carries on.
	TakenOverAfter = 15 * time.Second
	// longestRun ends an attempt before anybody takes it over.
	longestRun = TakenOverAfter - time.Second
	// maxKey is the length of the longest key, in bytes.
	maxKey = 128
)

// Call is a mutation as one caller sends it.
type Call struct {
	// Mutation is its name in the schema.
	Mutation string
	// Key is the caller's own; nil for none: then each call counts.
	Key *string
	// Input is what the caller sent beside the key, as JSON. Values of secrets are in it as keyed hashes only.
	//
	// Its encoding stays the same across releases, because retries come across them: a field that a release adds has
	// `omitzero`, so that a call without it has the mark that it had before; a list gets its new item only in calls
	// that have it. encoding_test.go pins the encoding of every mutation. One with keyed hashes is a Keyed.
	Input any
}

// Keyed is an input that has keyed hashes: what it is with one of the server's keys.
type Keyed func(key []byte) any

// Name says which call is meant: one key of one principal for one mutation, within a workspace.
type Name struct {
	Workspace   authz.WorkspaceID
	PrincipalID string
	Mutation    string
	Key         string
}

// Claim holds the ids that every attempt of a call uses.
type Claim struct {
	EventID  audit.EventID
	TargetID string
	// Shared is whether other attempts may use the same ids: what one leaves behind is then not its own to undo.
	Shared bool
}

// Result is what the log says of a call that was carried out.
type Result struct {
	TargetID string
	// Version is the number of the version that it made; 0 where it made none.
	Version int32
	// MadeID is the id of what it made, which may be a version of the target.
	MadeID string
}

// State is what is known of a call.
type State struct {
	Claim Claim
	// Mark is the keyed hash of the first input.
	Mark []byte
	// Done is nil until the call was carried out.
	Done *Result
	// Attempt is the number of this attempt, if it is this caller's turn; 0 if somebody else's has not ended.
	Attempt int
}

// Store keeps claims. All of it is bookkeeping.
type Store interface {
	// Claim makes a claim with the mark, or says what is known of the call. It is the caller's turn if nobody has
	// claimed it within KeptFor, or the last attempt has ended, or is older than TakenOverAfter, and the first one's
	// mark is this or one of the others.
	Claim(ctx context.Context, n Name, c Claim, mark []byte, others ...[]byte) (State, error)
	// Claimed reports whether somebody has claimed the call within KeptFor.
	Claimed(ctx context.Context, n Name) (bool, error)
	// EndAttempt lets others try: at once with the same ids, or, if forget is set, as if nothing had been claimed.
	// Where another attempt has begun, nothing happens.
	EndAttempt(ctx context.Context, n Name, attempt int, forget bool) error
}

// Service carries out calls once.
type Service struct {
	store Store
	keys  [][]byte
}

// NewService returns a service on a store, with the keys of its hashes: the first makes them, each is accepted.
func NewService(store Store, keys [][]byte) *Service { return &Service{store: store, keys: keys} }

// newClaim makes the ids of a call.
func newClaim() Claim {
	return Claim{EventID: ident.New[audit.Event](), TargetID: ident.New[Call]().String()}
}

// checkKey returns fault.Invalid naming `idempotencyKey` unless it is 1 to 128 printable ASCII characters.
func checkKey(key string) error {
	if key == "" || len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fault.Field(fault.Invalid, "idempotencyKey",
			"An idempotency key is 1 to %d printable ASCII characters, for example a UUID.", maxKey)
	}

	return nil
}

// marks are those of a call by each of the keys.
func (s *Service) marks(c Call) ([][]byte, error) {
	marks := make([][]byte, len(s.keys))
	for i, key := range s.keys {
		var err error
		if marks[i], err = c.mark(key); err != nil {
			return nil, err
		}
	}

	return marks, nil
}

// mark is a keyed hash: without the key, what is kept confirms no guess of an input.
func (c Call) mark(key []byte) ([]byte, error) {
	plain := c.Input
	if keyed, is := plain.(Keyed); is {
		plain = keyed(key)
	}

	input, err := json.Marshal(plain)
	if err != nil {
		return nil, fmt.Errorf("encoding the input of %s: %w", c.Mutation, err)
	}

	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("data-api idempotency v1\x00" + c.Mutation + "\x00"))
	mac.Write(input)
	return mac.Sum(nil), nil
}

// WorkspaceID derives the id of the workspace that createWorkspace makes from the person and the idempotency key. That
// workspace also holds the claim of the call, because there is no other workspace yet.
//
// The id is a UUID of version 8. The same person and key give the same id; nobody can predict it without the server's
// key. A call that was claimed by another of the server's keys keeps that id.
func (s *Service) WorkspaceID(ctx context.Context, a authz.Actor, key string) (authz.WorkspaceID, error) {
	for _, other := range s.keys[1:] {
		id := workspaceID(other, a, key)
		claimed, err := s.store.Claimed(ctx, Name{Workspace: id, Mutation: CreateWorkspace, Key: key})
		if err != nil || claimed {
			return id, err
		}
	}

	return workspaceID(s.keys[0], a, key), nil
}

// CreateWorkspace is the mutation whose workspace holds its own claim.
const CreateWorkspace = "createWorkspace"

func workspaceID(by []byte, a authz.Actor, key string) authz.WorkspaceID {
	mac := hmac.New(sha256.New, by)
	for _, part := range []string{"data-api workspace v1", a.Issuer, a.Subject, key} {
		mac.Write([]byte(part + "\x00"))
	}

	id := uuid.UUID(mac.Sum(nil)[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return authz.WorkspaceID(id.String())
}
