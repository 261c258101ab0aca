package secretmanager

import (
	"context"
	"strconv"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
)

// runAnnotation holds the number of the last run.
const runAnnotation = "run"

// paced is how long the next list waits: Google allows 600 reads a minute in a project, of which this takes half.
const paced = 200 * time.Millisecond

// pace keeps lists of versions, one a secret, from using up what a project may read.
func (v *Vault) pace(ctx context.Context) error {
	if v.emulated {
		return ctx.Err()
	}

	select {
	case <-time.After(paced):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// marker is the secret, without versions, that keeps the number of this deployment's last run in a location.
func (v *Vault) marker() string { return prefix + "instance-" + v.instance }

// Mark returns the number of the last run of this deployment over a region's location; 0 if there was none. It always
// has a generation: secrets bear their deployment's label one by one, so a location needs no mark. Errors:
// fault.Unavailable.
func (v *Vault) Mark(ctx context.Context, region string) (reconcile.Mark, error) {
	m := reconcile.Mark{Instance: v.instance, Generation: 1}
	at, known := v.places[region]
	if !known {
		return m, v.noPlace(secret.Place{Region: region}, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	is, err := at.client.GetSecret(ctx, &secretmanagerpb.GetSecretRequest{Name: at.parent + "/secrets/" + v.marker()})
	switch status.Code(err) {
	case codes.OK:
		m.Run, err = strconv.ParseInt(is.GetAnnotations()[runAnnotation], 10, 64)
	case codes.NotFound:
		return m, nil
	default:
	}

	if err != nil {
		err = unavailable(while("reading the number of the last run", err), notListed)
	}

	return m, err
}

// SetMark keeps the number of a run. Errors: fault.Unavailable.
func (v *Vault) SetMark(ctx context.Context, region string, m reconcile.Mark) error {
	at, known := v.places[region]
	if !known {
		return v.noPlace(secret.Place{Region: region}, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	marked := &secretmanagerpb.Secret{Annotations: map[string]string{runAnnotation: strconv.FormatInt(m.Run, 10)}}
	_, err := at.client.CreateSecret(ctx, &secretmanagerpb.CreateSecretRequest{
		Parent:   at.parent,
		SecretId: v.marker(),
		Secret:   marked,
	})
	if status.Code(err) == codes.AlreadyExists {
		marked.Name = at.parent + "/secrets/" + v.marker()
		_, err = at.client.UpdateSecret(ctx,
			&secretmanagerpb.UpdateSecretRequest{
				Secret:     marked,
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"annotations"}},
			})
	}

	if err != nil {
		return unavailable(while("keeping the number of a run", err), "the run was not noted")
	}

	return nil
}
