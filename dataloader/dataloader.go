// Package dataloader reads many rows in one query where a list's fields ask for one each. It never holds a secret's value.
package dataloader

import (
	"context"
	"time"

	"github.com/vikstrous/dataloadgen"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// Loaders are the loaders of one request; they see what its actor may see.
type Loaders struct {
	Datastore *Loader[datastore.Datastore]
	Object    *Loader[object.Object]
	Version   *Loader[object.Version]
}

// New returns loaders for the requests of an actor.
func New(a authz.Actor, datastores *datastore.Service, objects *object.Service) *Loaders {
	return &Loaders{
		Datastore: newLoader(a, datastores.FindAll, func(d datastore.Datastore) datastore.ID { return d.ID }),
		Object:    newLoader(a, objects.FindAll, func(o object.Object) object.ID { return o.ID }),
		Version:   newLoader(a, objects.FindVersions, func(v object.Version) object.VersionID { return v.ID }),
	}
}

// Loader gathers the ids that are asked for at about the same time and reads them at once.
type Loader[T any] struct {
	batch *dataloadgen.Loader[ident.Of[T], *T]
}

// gatherFor is how long a loader waits for more ids: a list asks for all of its own within microseconds.
const gatherFor = 500 * time.Microsecond

type findAll[T any] func(ctx context.Context, a authz.Actor, ids []ident.Of[T]) ([]T, error)

func newLoader[T any](a authz.Actor, find findAll[T], idOf func(T) ident.Of[T]) *Loader[T] {
	fetch := func(ctx context.Context, ids []ident.Of[T]) ([]*T, []error) {
		found, err := find(ctx, a, ids)
		if err != nil {
			return nil, []error{err}
		}
		byID := make(map[ident.Of[T]]*T, len(found))
		for i := range found {
			byID[idOf(found[i])] = &found[i]
		}
		inOrder := make([]*T, len(ids))
		for i, id := range ids {
			inOrder[i] = byID[id]
		}
		return inOrder, nil
	}
	return &Loader[T]{batch: dataloadgen.NewLoader(fetch, dataloadgen.WithoutCache(), dataloadgen.WithWait(gatherFor))}
}

// Load returns what an id names, or nil when there is no such thing in the actor's workspace.
//
// Nothing is cached: after a mutation the next field of the same request reads anew.
func (l *Loader[T]) Load(ctx context.Context, id ident.Of[T]) (*T, error) {
	return l.batch.Load(ctx, id)
}

type loadersKey struct{}

// With returns a context that carries a request's loaders to the resolvers.
func With(ctx context.Context, l *Loaders) context.Context {
	return context.WithValue(ctx, loadersKey{}, l)
}

// From returns a request's loaders.
func From(ctx context.Context) *Loaders {
	l, _ := ctx.Value(loadersKey{}).(*Loaders)
	return l
}
