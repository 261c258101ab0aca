package secretmanager

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// instanceLabel says which deployment a secret is of.
const instanceLabel = "data-api-instance"

const (
	// listPage is how many items are asked for at once.
	listPage = 1000
	// listTimeout bounds one whole list.
	listTimeout = 5 * time.Minute
)

// What did not happen, where the vault is asked what it has.
const notListed = "it is not known what is there"

// Regions returns one region for each location that secrets are kept in, in order.
func (v *Vault) Regions() []string {
	byParent := map[string]string{}
	for _, region := range slices.Backward(slices.Sorted(maps.Keys(v.places))) {
		byParent[v.places[region].parent] = region
	}

	return slices.Sorted(maps.Values(byParent))
}

// Find says what is there of a secret; found is false if nothing is. Errors: fault.Unavailable.
func (v *Vault) Find(ctx context.Context, p secret.Place) (h secret.VaultEntry, found bool, err error) {
	at, known := v.places[p.Region]
	if !known || !p.ID.Valid() {
		return h, false, v.noPlace(p, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	is, err := at.client.GetSecret(ctx, &secretmanagerpb.GetSecretRequest{Name: at.nameOf(p.ID)})
	switch status.Code(err) {
	case codes.OK:
		return held(p, is), true, nil
	case codes.NotFound:
		return h, false, nil
	default:
		return h, false, unavailable(while("finding secret", err), notListed)
	}
}

// DeleteHeld ends a secret with all its versions if it still is the one that was found; one that is gone already is no
// error.
//
// Errors: fault.Conflict if another one has been made under the same name; fault.Unavailable.
func (v *Vault) DeleteHeld(ctx context.Context, h secret.VaultEntry) error {
	at, known := v.places[h.Region]
	if !known || !h.ID.Valid() {
		return v.noPlace(h.Place, notDeleted)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	err := at.client.DeleteSecret(ctx, &secretmanagerpb.DeleteSecretRequest{Name: at.nameOf(h.ID), Etag: h.Etag})
	switch status.Code(err) {
	case codes.OK, codes.NotFound:
		return nil
	case codes.FailedPrecondition, codes.Aborted:
		return fault.New(fault.Conflict, "The secret in the vault is another one by now.").
			Because(while("deleting secret", err))
	default:
		return unavailable(while("deleting secret", err), notDeleted)
	}
}

// Secrets returns the secrets of ours that are listed in a region's location. Lists may lag for hours. Errors:
// fault.Unavailable.
func (v *Vault) Secrets(ctx context.Context, region string) (found []secret.VaultEntry, err error) {
	at, known := v.places[region]
	if !known {
		return nil, v.noPlace(secret.Place{Region: region}, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	all := at.client.ListSecrets(ctx, &secretmanagerpb.ListSecretsRequest{Parent: at.parent, PageSize: listPage})
	for {
		is, err := all.Next()
		switch {
		case errors.Is(err, iterator.Done):
			return found, nil
		case err != nil:
			return nil, unavailable(while("listing secrets", err), notListed)
		}

		_, name, _ := strings.Cut(is.GetName(), "/secrets/"+prefix)
		if p := (secret.Place{Region: region, ID: secret.ID(name)}); p.ID.Valid() {
			found = append(found, held(p, is))
		}
	}
}

func held(p secret.Place, is *secretmanagerpb.Secret) secret.VaultEntry {
	return secret.VaultEntry{Place: p, Etag: is.GetEtag(), Instance: is.GetLabels()[instanceLabel]}
}

// Numbers returns the versions of a secret that are listed and not destroyed; none if there is no such secret. Lists
// may lag for hours.
//
// Errors: fault.Unavailable.
func (v *Vault) Numbers(ctx context.Context, p secret.Place) (numbers []secret.Number, err error) {
	at, known := v.places[p.Region]
	if !known || !p.ID.Valid() {
		return nil, v.noPlace(p, notListed)
	}

	if err := v.pace(ctx); err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	all := at.client.ListSecretVersions(ctx,
		&secretmanagerpb.ListSecretVersionsRequest{Parent: at.nameOf(p.ID), PageSize: listPage})
	for {
		is, err := all.Next()
		switch {
		case errors.Is(err, iterator.Done) || status.Code(err) == codes.NotFound:
			return numbers, nil
		case err != nil:
			return nil, unavailable(while("listing versions", err), notListed)
		}

		_, text, _ := strings.Cut(is.GetName(), "/versions/")
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, unavailable(while("listing versions", err), notListed)
		}

		if is.GetState() != secretmanagerpb.SecretVersion_DESTROYED {
			numbers = append(numbers, secret.Number(n))
		}
	}
}
