package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// prefix keeps our secrets apart from others of the project.
const prefix = "data-api-"

// nameOf returns the full name of a secret; the id must be valid, because it becomes part of a path.
func (p place) nameOf(id secret.ID) string { return p.parent + "/secrets/" + prefix + id.String() }

// Create makes room for a secret's versions; one that is there already is no error.
//
// Errors: fault.Unavailable, also for a region that has no location and an id that is malformed.
func (v *Vault) Create(ctx context.Context, p secret.Place) error {
	at, known := v.places[p.Region]
	if !known {
		return v.noPlace(p, notMade)
	}

	if !p.ID.Valid() {
		return fault.New(fault.Unavailable, "The secret's id is malformed: %s.", notMade)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	_, err := at.client.CreateSecret(ctx, &secretmanagerpb.CreateSecretRequest{
		Parent:   at.parent,
		SecretId: prefix + p.ID.String(),
		Secret:   &secretmanagerpb.Secret{Labels: v.labels()},
	})
	if err == nil || status.Code(err) == codes.AlreadyExists {
		return nil
	}

	return unavailable(while("creating secret", err), notMade)
}

// labels say which deployment a secret is of.
func (v *Vault) labels() map[string]string {
	if v.instance == "" {
		return nil
	}

	return map[string]string{instanceLabel: v.instance}
}

// Destroy ends one version for ever; one that is destroyed already is no error.
//
// Errors: fault.NotFound; fault.Unavailable.
func (v *Vault) Destroy(ctx context.Context, p secret.Place, n secret.Number) error {
	at, known := v.places[p.Region]
	if !known {
		return v.noPlace(p, notDestroyed)
	}

	if !p.ID.Valid() || n < 1 {
		return noVersion()
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	name := at.versionOf(p.ID, n)
	_, err := at.client.DestroySecretVersion(ctx, &secretmanagerpb.DestroySecretVersionRequest{Name: name})
	switch status.Code(err) {
	case codes.OK:
		return nil
	case codes.NotFound:
		return noVersion().Because(while("destroying version", err))
	case codes.FailedPrecondition:
		return at.confirmDestroyed(ctx, name, err)
	default:
		return unavailable(while("destroying version", err), notDestroyed)
	}
}

// confirmDestroyed finds out whether a version could not be destroyed because it is already.
func (p place) confirmDestroyed(ctx context.Context, name string, refused error) error {
	found, err := p.client.GetSecretVersion(ctx, &secretmanagerpb.GetSecretVersionRequest{Name: name})
	switch {
	case err != nil:
		return unavailable(while("confirming that a version is destroyed", err), notDestroyed)
	case found.GetState() != secretmanagerpb.SecretVersion_DESTROYED:
		return unavailable(while("destroying version", refused), notDestroyed)
	}

	return nil
}

// Delete ends a secret with all its versions; one that is gone already is no error.
//
// Errors: fault.Unavailable.
func (v *Vault) Delete(ctx context.Context, p secret.Place) error {
	at, known := v.places[p.Region]
	if !known {
		return v.noPlace(p, notDeleted)
	}

	if !p.ID.Valid() {
		return nil
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	err := at.client.DeleteSecret(ctx, &secretmanagerpb.DeleteSecretRequest{Name: at.nameOf(p.ID)})
	if err == nil || status.Code(err) == codes.NotFound {
		return nil
	}

	return unavailable(while("deleting secret", err), notDeleted)
}
