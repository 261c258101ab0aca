// Package audit has the events of the log: who did what to which thing, and how it ended. A noun makes an Entry, and
// the store writes it in the transaction of what it describes, so neither is there without the other. Denials counts
// refused attempts, so that a loop of them cannot flood the log.
package audit

import (
	"maps"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
)

// EventID names an event. It is a UUIDv7: events sort by it, newest last.
type EventID = ident.Of[Event]

// Action is what was done, for example `secret.rotated`.
type Action string

// Risk is how much harm an action could do; the values are the schema's Risk.
type Risk string

// The risks.
const (
	Low    Risk = "LOW"
	Medium Risk = "MEDIUM"
	High   Risk = "HIGH"
)

// Outcome is how an action ended; the values are the schema's Outcome.
type Outcome string

// The outcomes.
const (
	Allowed Outcome = "ALLOWED"
	Denied  Outcome = "DENIED"
	Failed  Outcome = "FAILED"
)

// Target is the thing that an action was done to.
type Target struct {
	// Kind is for example `secret`.
	Kind string
	// ID is empty where the thing has none.
	ID    string
	Label string
}

// Entry is what a write puts on record, in its own transaction.
type Entry struct {
	ID      EventID
	By      authz.Actor
	Action  Action
	Risk    Risk
	Outcome Outcome
	Target  Target
	// Reason is why, in the caller's words; often empty.
	Reason string
	// Details never hold a value of a secret.
	Details map[string]any

	whole struct {
		action Action
		id     EventID
	}
}

// Record begins an entry: this actor does this. The outcome is Allowed and the risk is the action's own.
func Record(by authz.Actor, action Action) Entry {
	return Entry{ID: ident.New[Event](), By: by, Action: action, Risk: action.Risk(), Outcome: Allowed}
}

// Named returns the entry with an id that was chosen before: the log holds it at most once.
func (e Entry) Named(id EventID) Entry {
	e.ID = id
	return e
}

// On returns the entry with the thing it was done to.
func (e Entry) On(kind, id, label string) Entry {
	e.Target = Target{Kind: kind, ID: id, Label: label}
	return e
}

// Because returns the entry with the caller's reason.
func (e Entry) Because(reason string) Entry {
	e.Reason = reason
	return e
}

// Ended returns the entry with another outcome than Allowed.
func (e Entry) Ended(o Outcome) Entry {
	e.Outcome = o
	return e
}

// With returns the entry with one more detail. It must not be a value of a secret.
func (e Entry) With(name string, value any) Entry {
	e.Details = maps.Clone(e.Details)
	if e.Details == nil {
		e.Details = map[string]any{}
	}

	e.Details[name] = value
	return e
}

// PartOf returns the entry as part of another action, which goes on record with it: of the same thing, with the same
// details and outcome.
func (e Entry) PartOf(whole Action, id EventID) Entry {
	e.whole.action, e.whole.id = whole, id
	return e
}

// All are what goes on record: the entry and, where it is part of another action, that one, whose `partId` names it.
func (e Entry) All() []Entry {
	if e.whole.action == "" {
		return []Entry{e}
	}

	whole := e.Named(e.whole.id).With("partId", e.ID)
	whole.Action, whole.Risk = e.whole.action, e.whole.action.Risk()
	return []Entry{e, whole}
}

// Event is an entry as it stands in the log.
type Event struct {
	ID      EventID
	At      time.Time
	Action  Action
	Risk    Risk
	Outcome Outcome
	Actor   authz.Who
	From    authz.Origin
	Reason  string
	Target  Target
	Details map[string]any
}
