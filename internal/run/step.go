package run

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

// StorageAction is what a storage step does; the values are the schema's StorageAction.
type StorageAction string

// The actions.
const (
	Get    StorageAction = "GET"
	Put    StorageAction = "PUT"
	List   StorageAction = "LIST"
	Delete StorageAction = "DELETE"
)

// Step is a storage step as a workflow configures it. A field that is nil was left out.
type Step struct {
	Run         Run
	Action      StorageAction
	DatastoreID datastore.ID
	Key         *string
	Prefix      *string
	Version     *int32
	IfVersion   *int32
	// IfVersionID has `omitzero`, so that idempotency hashes made before it existed still match.
	IfVersionID *object.VersionID `json:",omitzero"`
	// Text or Bytes is the content.
	Text        *string
	Bytes       []byte
	ContentType *string
	First       *int32
	After       *string
	// IdempotencyKey lets the step be sent again.
	IdempotencyKey *string `json:"-"`
}

// StepResult is the answer of a step; fields of other actions are nil or empty.
type StepResult struct {
	Version     *object.Version
	Content     *object.Content
	DownloadURL string
	Objects     *page.Page[object.Object]
}

// Datastores are what steps work in.
type Datastores interface {
	// Find errors: fault.NotFound.
	Find(ctx context.Context, a authz.Actor, id datastore.ID) (datastore.Datastore, error)
}

// Objects are what steps work on. Each puts on record what `also` makes of its event.
type Objects interface {
	// Get is that of object.Service.
	Get(ctx context.Context, a authz.Actor, r object.GetRequest, also object.OnRecord) (object.GetResult, error)
	// List is that of object.Service; it puts nothing on record.
	List(ctx context.Context, a authz.Actor, in []datastore.ID, f object.Filter,
		r page.Request) ([]page.Page[object.Object], error)
	// Delete is that of object.Service.
	Delete(ctx context.Context, a authz.Actor, in datastore.ID, key string, only object.Precondition,
		also ...object.OnRecord) (object.ID, error)
}

// Steps carries out storage steps.
type Steps struct {
	datastores Datastores
	objects    Objects
	writer     Writer
	log        audit.Recorder
	once       *idempotency.Service
}

// NewSteps returns what carries out steps on objects in datastores, with the log, and what carries out calls once.
func NewSteps(
	datastores Datastores, objects Objects, writer Writer, log audit.Recorder, once *idempotency.Service,
) *Steps {
	return &Steps{datastores: datastores, objects: objects, writer: writer, log: log, once: once}
}

// Execute carries out a step. It is on record as `datastore.step_executed`, in the transaction of what it does, and
// before anything read leaves.
//
// Errors: fault.Invalid naming the field, also one that the action does not use, or needs and lacks; fault.NotFound
// naming `datastoreId`, `key` or `version`; fault.Conflict with currentVersion if another version is current than must
// be; fault.QuotaExceeded; fault.Unavailable; those of idempotency.Do.
func (s *Steps) Execute(ctx context.Context, a authz.Actor, step Step) (StepResult, error) {
	if err := step.check(); err != nil {
		return StepResult{}, err
	}

	d, err := s.datastores.Find(ctx, a, step.DatastoreID)
	if err != nil {
		return StepResult{}, err
	}

	switch step.Action {
	case Get:
		return s.get(ctx, a, step)
	case List:
		return s.list(ctx, a, step, d)
	case Delete:
		return s.delete(ctx, a, step)
	default:
		return s.put(ctx, a, step)
	}
}

func (s *Steps) get(ctx context.Context, a authz.Actor, step Step) (StepResult, error) {
	got, err := s.objects.Get(ctx, a, object.GetRequest{
		DatastoreID: step.DatastoreID,
		Key:         *step.Key,
		Version:     step.Version,
	}, func(e audit.Entry) audit.Entry {
		return step.onRecord(e, ident.New[audit.Event]())
	})
	return StepResult{Version: &got.Version, Content: got.Content, DownloadURL: got.URL}, err
}

func (s *Steps) list(ctx context.Context, a authz.Actor, step Step, d datastore.Datastore) (StepResult, error) {
	asked, err := step.page()
	if err != nil {
		return StepResult{}, err
	}

	pages, err := s.objects.List(ctx, a, []datastore.ID{d.ID}, object.Filter{Prefix: textOf(step.Prefix)}, asked)
	if err != nil {
		return StepResult{}, err
	}

	entry := step.within(audit.Record(a, audit.StepExecuted).On("datastore", d.ID.String(), d.Name)).
		With("datastoreId", d.ID).
		With("prefix", textOf(step.Prefix)).With("objects", len(pages[0].Items))
	return StepResult{Objects: &pages[0]}, s.log.Record(ctx, entry)
}

func (s *Steps) delete(ctx context.Context, a authz.Actor, step Step) (StepResult, error) {
	return idempotency.Do(ctx, s.once, a, step.call(),
		func(ctx context.Context, c idempotency.Claim) (StepResult, error) {
			only := object.Precondition{Version: step.IfVersion, ID: step.IfVersionID}
			_, err := s.objects.Delete(ctx, a, step.DatastoreID, *step.Key, only, func(e audit.Entry) audit.Entry {
				return step.onRecord(e, c.EventID)
			})
			return StepResult{}, err
		}, func(context.Context, idempotency.Result) (StepResult, error) {
			return StepResult{}, nil
		})
}

func (s Step) call() idempotency.Call {
	return idempotency.Call{Mutation: "runStorageStep", Key: s.IdempotencyKey, Input: s}
}

// onRecord makes the event of what a step does to an object part of the step's own.
func (s Step) onRecord(e audit.Entry, id audit.EventID) audit.Entry {
	return s.within(e).PartOf(audit.StepExecuted, id)
}

func (s Step) within(e audit.Entry) audit.Entry {
	return e.With("runId", s.Run.RunID).With("stepId", s.Run.StepID).With("step", s.Action)
}
