package secretmanager

import (
	"context"
	"hash/crc32"
	"strconv"
	"strings"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/secret"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(plain []byte) int64 { return int64(crc32.Checksum(plain, castagnoli)) }

func (p place) versionOf(id secret.ID, n secret.Number) string {
	return p.nameOf(id) + "/versions/" + strconv.FormatInt(int64(n), 10)
}

// Add keeps a value and returns its number. It is tried once: each try that arrives keeps one more.
//
// Errors: fault.NotFound if there is no such secret; fault.Unavailable, after which the value may or may not have been
// kept.
func (v *Vault) Add(ctx context.Context, p secret.Place, value secret.Value) (secret.Number, error) {
	at, known := v.places[p.Region]
	if !known {
		return 0, v.noPlace(p, "the value was not kept")
	}

	if !p.ID.Valid() {
		return 0, noSecret()
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	plain := value.Open()
	sum := checksum(plain)
	added, err := at.client.AddSecretVersion(ctx, &secretmanagerpb.AddSecretVersionRequest{
		Parent:  at.nameOf(p.ID),
		Payload: &secretmanagerpb.SecretPayload{Data: plain, DataCrc32C: &sum},
	})
	switch status.Code(err) {
	case codes.OK:
		return numberOf(added)
	case codes.NotFound:
		return 0, noSecret().Because(while("adding version", err))
	default:
		return 0, unavailable(while("adding version", err), maybeAdded)
	}
}

// numberOf reads the number from the end of a name: the project in it may be a number where we sent an id.
func numberOf(added *secretmanagerpb.SecretVersion) (secret.Number, error) {
	_, text, _ := strings.Cut(added.GetName(), "/versions/")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || !added.GetClientSpecifiedPayloadChecksum() {
		return 0, damaged(maybeAdded)
	}

	return secret.Number(n), nil
}

// Access returns the value of one version, its checksum verified.
//
// Errors: fault.NotFound if it is destroyed, disabled or was never there; fault.Unavailable.
func (v *Vault) Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error) {
	at, known := v.places[p.Region]
	if !known {
		return secret.Value{}, v.noPlace(p, notRead)
	}

	if !p.ID.Valid() || n < 1 {
		return secret.Value{}, noVersion()
	}

	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	found, err := at.client.AccessSecretVersion(ctx,
		&secretmanagerpb.AccessSecretVersionRequest{Name: at.versionOf(p.ID, n)})
	switch status.Code(err) {
	case codes.OK:
		return valueOf(found.GetPayload())
	case codes.NotFound, codes.FailedPrecondition:
		return secret.Value{}, noVersion().Because(while("accessing version", err))
	default:
		return secret.Value{}, unavailable(while("accessing version", err), notRead)
	}
}

func valueOf(p *secretmanagerpb.SecretPayload) (secret.Value, error) {
	if p.GetData() == nil || p.DataCrc32C == nil || checksum(p.GetData()) != p.GetDataCrc32C() {
		clear(p.GetData())
		return secret.Value{}, damaged(notRead)
	}

	return secret.NewValue(p.GetData()), nil
}
