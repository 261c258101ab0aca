package secretmanager_test

import (
	"hash/crc32"
	"strings"
	"testing"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

func sum(plain string) int64 {
	return int64(crc32.Checksum([]byte(plain), crc32.MakeTable(crc32.Castagnoli)))
}

func TestAddSecretVersion_NumbersFromOne(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	for i, want := range []string{"1", "2", "3"} {
		plain := strings.Repeat("x", i+1)
		v := add(t, c, secret, plain)
		if v.GetName() != secret+"/versions/"+want || v.GetState() != secretmanagerpb.SecretVersion_ENABLED ||
			v.GetClientSpecifiedPayloadChecksum() {
			t.Fatalf("added %v", v)
		}
		wantAccess(t, c, v.GetName(), plain, codes.OK)
	}
}

func TestAddSecretVersion_Checksum_IsVerifiedAndReturned(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	v, err := c.AddSecretVersion(t.Context(),
		&secretmanagerpb.AddSecretVersionRequest{
			Parent: secret,
			Payload: &secretmanagerpb.SecretPayload{
				Data:       []byte("value"),
				DataCrc32C: proto.Int64(sum("value")),
			},
		})
	wantCode(t, err, codes.OK)
	if !v.GetClientSpecifiedPayloadChecksum() {
		t.Error("the response does not say that the checksum was received")
	}
	res, err := c.AccessSecretVersion(t.Context(), &secretmanagerpb.AccessSecretVersionRequest{Name: v.GetName()})
	wantCode(t, err, codes.OK)
	if res.GetName() != v.GetName() || res.GetPayload().DataCrc32C == nil || res.GetPayload().
		GetDataCrc32C() != sum("value") {
		t.Errorf("accessed %s with checksum %v", res.GetName(), res.GetPayload().DataCrc32C)
	}
}

func TestAddSecretVersion_Refused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	for name, row := range map[string]struct {
		parent string
		pay    *secretmanagerpb.SecretPayload
		want   codes.Code
	}{
		"wrong checksum": {secret, &secretmanagerpb.SecretPayload{Data: []byte("v"), DataCrc32C: proto.Int64(1)},
			codes.InvalidArgument},
		"no payload":    {secret, nil, codes.InvalidArgument},
		"empty payload": {secret, &secretmanagerpb.SecretPayload{}, codes.InvalidArgument},
		"64 KiB + 1": {secret, &secretmanagerpb.SecretPayload{Data: make([]byte, 64<<10+1)},
			codes.InvalidArgument},
		"malformed name":  {"x", &secretmanagerpb.SecretPayload{Data: []byte("v")}, codes.InvalidArgument},
		"unknown secret":  {secret + "b", &secretmanagerpb.SecretPayload{Data: []byte("v")}, codes.NotFound},
		"64 KiB is taken": {secret, &secretmanagerpb.SecretPayload{Data: make([]byte, 64<<10)}, codes.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.AddSecretVersion(t.Context(),
				&secretmanagerpb.AddSecretVersionRequest{Parent: row.parent, Payload: row.pay})
			wantCode(t, err, row.want)
		})
	}
}

func TestAccessSecretVersion_Refused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	for suffix, want := range map[string]codes.Code{
		"/versions/1":                    codes.NotFound,
		"/versions/latest":               codes.Unimplemented,
		"/versions/alias":                codes.Unimplemented,
		"/versions/0":                    codes.InvalidArgument,
		"/versions/01":                   codes.InvalidArgument,
		"/versions/-1":                   codes.InvalidArgument,
		"/versions/":                     codes.InvalidArgument,
		"":                               codes.InvalidArgument,
		"b/versions/1":                   codes.NotFound,
		"/versions/99999999999999999999": codes.InvalidArgument,
	} {
		wantAccess(t, c, secret+suffix, "", want)
	}
}

func TestVersionState_Destroyed_StaysSo(t *testing.T) {
	t.Parallel()
	c, ctx := emulate(t), t.Context()
	v := add(t, c, create(t, c, regional, "a").GetName(), "value")
	_, err := c.DestroySecretVersion(ctx,
		&secretmanagerpb.DestroySecretVersionRequest{Name: v.GetName(), Etag: `"old"`})
	wantCode(t, err, codes.FailedPrecondition)
	wantAccess(t, c, v.GetName(), "value", codes.OK)
	end, err := c.DestroySecretVersion(ctx,
		&secretmanagerpb.DestroySecretVersionRequest{Name: v.GetName(), Etag: v.GetEtag()})
	wantCode(t, err, codes.OK)
	if end.GetState() != secretmanagerpb.SecretVersion_DESTROYED || end.GetDestroyTime() == nil {
		t.Errorf("destroyed to %v", end)
	}
	got, err := c.GetSecretVersion(ctx, &secretmanagerpb.GetSecretVersionRequest{Name: v.GetName()})
	wantCode(t, err, codes.OK)
	if got.GetState() != secretmanagerpb.SecretVersion_DESTROYED || got.GetEtag() == v.GetEtag() {
		t.Errorf("got %v", got)
	}
	wantAccess(t, c, v.GetName(), "", codes.FailedPrecondition)
	_, err = c.DestroySecretVersion(ctx, &secretmanagerpb.DestroySecretVersionRequest{Name: v.GetName()})
	wantCode(t, err, codes.FailedPrecondition)
}

func TestVersionState_DisabledAndEnabled_AreUnimplemented(t *testing.T) {
	t.Parallel()
	c, ctx := emulate(t), t.Context()
	v := add(t, c, create(t, c, regional, "a").GetName(), "value")
	_, err := c.DisableSecretVersion(ctx, &secretmanagerpb.DisableSecretVersionRequest{Name: v.GetName()})
	wantCode(t, err, codes.Unimplemented)
	_, err = c.EnableSecretVersion(ctx, &secretmanagerpb.EnableSecretVersionRequest{Name: v.GetName()})
	wantCode(t, err, codes.Unimplemented)
	wantAccess(t, c, v.GetName(), "value", codes.OK)
}

func TestVersionState_ByLatestOrUnknown_IsRefused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	add(t, c, secret, "value")
	for suffix, want := range map[string]codes.Code{
		"/versions/latest": codes.Unimplemented,
		"/versions/2":      codes.NotFound,
		"":                 codes.InvalidArgument,
	} {
		_, err := c.DestroySecretVersion(t.Context(),
			&secretmanagerpb.DestroySecretVersionRequest{Name: secret + suffix})
		wantCode(t, err, want)
	}
}
