package secretmanager

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/secret"
)

var _ doctor.Vault = (*Vault)(nil)

const (
	maySecretsCreate = "secretmanager.secrets.create"
	maySecretsDelete = "secretmanager.secrets.delete"
	maySecretsList   = "secretmanager.secrets.list"
	triedValue       = "data-api doctor"
)

// permissions are those that can be asked for on a secret, whoever gave them and where.
var permissions = []string{
	"secretmanager.secrets.get", "secretmanager.secrets.update", maySecretsDelete,
	"secretmanager.versions.add", "secretmanager.versions.access", "secretmanager.versions.get",
	"secretmanager.versions.list", "secretmanager.versions.destroy",
}

// TryAll implements doctor.Vault. The secret's name is none of those that this server gives, so that nobody reconciles
// it, and it is deleted also after a failure.
//
// To create and to list are rights in the project, which a secret cannot be asked for: both are tried.
func (v *Vault) TryAll(ctx context.Context, region string) (lacking []string, err error) {
	at, known := v.places[region]
	if !known {
		return nil, v.noPlace(secret.Place{Region: region}, notMade)
	}

	id := prefix + "doctor-" + strings.ToLower(rand.Text())
	_, err = at.client.CreateSecret(ctx,
		&secretmanagerpb.CreateSecretRequest{Parent: at.parent, SecretId: id, Secret: &secretmanagerpb.Secret{}})
	if status.Code(err) == codes.PermissionDenied {
		return []string{maySecretsCreate}, while("creating secret", err)
	}

	name := at.parent + "/secrets/" + id
	defer func() { err = errors.Join(err, v.remove(ctx, at, name)) }()
	if err != nil {
		return nil, while("creating secret", err)
	}

	if lacking, err = at.lacking(ctx, name); err != nil || len(lacking) > 0 {
		return lacking, err
	}

	return nil, at.tryVersion(ctx, name)
}

// lacking returns the permissions that the caller lacks on a secret and in its location.
func (p place) lacking(ctx context.Context, name string) (lacking []string, err error) {
	granted, err := p.client.TestIamPermissions(ctx,
		&iampb.TestIamPermissionsRequest{Resource: name, Permissions: permissions})
	if err != nil {
		return nil, while("asking for permissions", err)
	}

	lacking = slices.DeleteFunc(slices.Clone(permissions),
		func(one string) bool { return slices.Contains(granted.GetPermissions(), one) })
	_, err = p.client.ListSecrets(ctx, &secretmanagerpb.ListSecretsRequest{Parent: p.parent, PageSize: 1}).Next()
	switch {
	case status.Code(err) == codes.PermissionDenied:
		return append(lacking, maySecretsList), nil
	case err != nil && !errors.Is(err, iterator.Done):
		return lacking, while("listing secrets", err)
	}

	return lacking, nil
}

// tryVersion adds a version, reads it, and destroys it.
func (p place) tryVersion(ctx context.Context, name string) error {
	added, err := p.client.AddSecretVersion(ctx, &secretmanagerpb.AddSecretVersionRequest{
		Parent:  name,
		Payload: &secretmanagerpb.SecretPayload{Data: []byte(triedValue)},
	})
	if err != nil {
		return while("adding version", err)
	}

	read, err := p.client.AccessSecretVersion(ctx,
		&secretmanagerpb.AccessSecretVersionRequest{Name: added.GetName()})
	switch {
	case err != nil:
		return while("accessing version", err)
	case string(read.GetPayload().GetData()) != triedValue:
		return errors.New("accessing version: it is another value than was added")
	}

	_, err = p.client.DestroySecretVersion(ctx,
		&secretmanagerpb.DestroySecretVersionRequest{Name: added.GetName()})
	if err != nil {
		return while("destroying version", err)
	}

	return nil
}

// remove deletes a secret, also if ctx has ended; one that is not there is no error.
func (v *Vault) remove(ctx context.Context, at place, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.timeout)
	defer cancel()
	err := at.client.DeleteSecret(ctx, &secretmanagerpb.DeleteSecretRequest{Name: name})
	if err == nil || status.Code(err) == codes.NotFound {
		return nil
	}

	return fmt.Errorf("deleting secret %s, which is left: %w", name, err)
}
