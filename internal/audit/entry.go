// Package audit has the events of the log: who did what to which thing, and how it ended. A noun makes an Entry, and
// the store writes it in the transaction of what it describes, so neither is there without the other. The noun decides
// everything that an entry says; what only the store knows it declares by name, and the store fills that in. Denials
// counts refused attempts, so that a loop of them cannot flood the log.
package audit

import (
	"errors"
	"fmt"
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

	// targetless is whether the store still has to name the target.
	targetless bool
	// misfilled is what the store filled in that the noun had not declared.
	misfilled error
	whole     struct {
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
	e.Target, e.targetless = Target{Kind: kind, ID: id, Label: label}, false
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

// hole is the value of a detail that the store fills in.
type hole struct{ required bool }

// Awaits returns the entry with details that only the store knows. An entry that lacks one cannot be recorded.
func (e Entry) Awaits(names ...string) Entry { return e.leave(hole{required: true}, names) }

// MayHave returns the entry with details that the store fills in where there is something to say.
func (e Entry) MayHave(names ...string) Entry { return e.leave(hole{}, names) }

func (e Entry) leave(h hole, names []string) Entry {
	for _, name := range names {
		e = e.With(name, h)
	}

	return e
}

// AwaitsTarget returns the entry of what was done to a thing of a kind. Only the store can name the thing.
func (e Entry) AwaitsTarget(kind string) Entry {
	e.Target, e.targetless = Target{Kind: kind}, true
	return e
}

// Fill returns the entry with the value of a detail that it awaits or may have.
func (e Entry) Fill(name string, value any) Entry {
	if _, left := e.Details[name].(hole); !left {
		e.misfilled = errors.Join(e.misfilled, fmt.Errorf("%s leaves no detail %q to be filled in", e.Action, name))
		return e
	}

	return e.With(name, value)
}

// FillTarget returns the entry with the thing that it awaits.
func (e Entry) FillTarget(id, label string) Entry {
	if !e.targetless {
		e.misfilled = errors.Join(e.misfilled, fmt.Errorf("%s leaves no target to be filled in", e.Action))
	}

	e.Target.ID, e.Target.Label, e.targetless = id, label, false
	return e
}

// complete returns the entry without the optional details that the store left open. Errors: what the entry still
// awaits, and what the store filled in undeclared.
func (e Entry) complete() (Entry, error) {
	err := e.misfilled
	if e.targetless {
		err = errors.Join(err, fmt.Errorf("%s still awaits its target", e.Action))
	}

	e.Details = maps.Clone(e.Details)
	for name, value := range e.Details {
		switch h, left := value.(hole); {
		case left && h.required:
			err = errors.Join(err, fmt.Errorf("%s still awaits its detail %q", e.Action, name))
		case left:
			delete(e.Details, name)
		}
	}

	return e, err
}

// PartOf returns the entry as part of another action, which goes on record with it: of the same thing, with the same
// details and outcome.
func (e Entry) PartOf(whole Action, id EventID) Entry {
	e.whole.action, e.whole.id = whole, id
	return e
}

// All returns what goes on record: the entry and, where it is part of another action, that one, whose `partId` names
// it. An entry is recorded complete or not at all: the error names what is left to fill in, or was not to be.
func (e Entry) All() ([]Entry, error) {
	e, err := e.complete()
	if err != nil || e.whole.action == "" {
		return []Entry{e}, err
	}

	whole := e.Named(e.whole.id).With("partId", e.ID)
	whole.Action, whole.Risk = e.whole.action, e.whole.action.Risk()
	return []Entry{e, whole}, nil
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
