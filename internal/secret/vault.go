package secret

import (
	"context"

	"github.com/provenanceone/data-api/internal/ident"
)

// ID names a secret.
type ID = ident.Of[Secret]

// Place is where a secret's values are kept: the vault of a region, under the secret's own id.
type Place struct {
	Region string
	ID     ID
}

// Number is the vault's own number of a version. It counts every value added, ours only those that became current.
type Number int64

// Vault keeps values as immutable numbered versions. Nothing ever asks it what is latest.
type Vault interface {
	// Create makes room for a secret's versions; one that is there already is no error. Errors: fault.Unavailable.
	Create(ctx context.Context, p Place) error
	// Add keeps a value and returns its number. Errors: fault.NotFound if there is no such secret; fault.Unavailable,
	// after which the value may or may not have been kept.
	Add(ctx context.Context, p Place, v Value) (Number, error)
	// Access returns the value of one version, its checksum verified. Errors: fault.NotFound if it is destroyed or was
	// never there; fault.Unavailable.
	Access(ctx context.Context, p Place, n Number) (Value, error)
	// Destroy ends one version for ever; one that is destroyed already is no error. Errors: fault.NotFound;
	// fault.Unavailable.
	Destroy(ctx context.Context, p Place, n Number) error
	// Delete ends a secret with all its versions; one that is gone already is no error. Errors: fault.Unavailable.
	Delete(ctx context.Context, p Place) error
}
