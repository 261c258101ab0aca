package secretmanager

import (
	"context"
	"strconv"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

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

// Run returns the number of the last run of this deployment over a region's location; 0 if there was none. Errors:
// fault.Unavailable.
func (v *Vault) Run(ctx context.Context, region string) (int64, error) {
	at, known := v.places[region]
	if !known {
		return 0, v.noPlace(secret.Place{Region: region}, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	is, err := at.client.GetSecret(ctx, &secretmanagerpb.GetSecretRequest{Name: at.parent + "/secrets/" + v.marker()})
	switch status.Code(err) {
	case codes.OK:
		n, err := strconv.ParseInt(is.GetAnnotations()[runAnnotation], 10, 64)
		if err != nil {
			return 0, unavailable(while("reading the number of the last run", err), notListed)
		}

		return n, nil
	case codes.NotFound:
		return 0, nil
	default:
		return 0, unavailable(while("reading the number of the last run", err), notListed)
	}
}

// SetRun keeps the number of a run. Errors: fault.Unavailable.
func (v *Vault) SetRun(ctx context.Context, region string, n int64) error {
	at, known := v.places[region]
	if !known {
		return v.noPlace(secret.Place{Region: region}, notListed)
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	marked := &secretmanagerpb.Secret{Annotations: map[string]string{runAnnotation: strconv.FormatInt(n, 10)}}
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
