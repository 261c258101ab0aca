package secretmanager_test

import (
	"strings"
	"testing"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

func TestCreateSecret_InTwoLocations_AreDifferentSecrets(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	for _, parent := range []string{other, regional} {
		made := create(t, c, parent, "a")
		if want := parent + "/secrets/a"; made.GetName() != want || made.GetEtag() == "" ||
			made.GetCreateTime() == nil {
			t.Errorf("created %v, want %s with etag and time", made, want)
		}
		got, err := c.GetSecret(t.Context(), &secretmanagerpb.GetSecretRequest{Name: made.GetName()})
		wantCode(t, err, codes.OK)
		if got.GetEtag() != made.GetEtag() || got.GetReplication() != nil {
			t.Errorf("got %v, created %v", got, made)
		}
	}
}

func TestCreateSecret_Twice_AlreadyExists(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	create(t, c, regional, "a")
	_, err := c.CreateSecret(t.Context(), &secretmanagerpb.CreateSecretRequest{
		Parent:   regional,
		SecretId: "a",
		Secret:   &secretmanagerpb.Secret{},
	})
	wantCode(t, err, codes.AlreadyExists)
}

func TestCreateSecret_Refused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	plain := &secretmanagerpb.Secret{}
	replicated := &secretmanagerpb.Secret{Replication: &secretmanagerpb.Replication{Replication: &secretmanagerpb.Replication_Automatic_{}}}
	for name, row := range map[string]struct {
		parent, id string
		secret     *secretmanagerpb.Secret
		want       codes.Code
	}{
		"no parent":               {"", "a", plain, codes.InvalidArgument},
		"parent is no project":    {"folders/x", "a", plain, codes.InvalidArgument},
		"parent goes up":          {"projects/..", "a", plain, codes.InvalidArgument},
		"no id":                   {regional, "", plain, codes.InvalidArgument},
		"id with a slash":         {regional, "a/b", plain, codes.InvalidArgument},
		"id of 256":               {regional, strings.Repeat("a", 256), plain, codes.InvalidArgument},
		"no secret":               {regional, "a", nil, codes.InvalidArgument},
		"regional and replicated": {regional, "a", replicated, codes.InvalidArgument},
		"global":                  {global, "a", replicated, codes.InvalidArgument},
		"alias": {regional, "a", &secretmanagerpb.Secret{VersionAliases: map[string]int64{"x": 1}},
			codes.Unimplemented},
		"label in upper case": {regional, "a", &secretmanagerpb.Secret{Labels: map[string]string{"A": "b"}},
			codes.InvalidArgument},
		"annotation with space": {regional, "a", &secretmanagerpb.Secret{Annotations: map[string]string{"a b": "c"}},
			codes.InvalidArgument},
		"annotations too long": {regional, "a",
			&secretmanagerpb.Secret{Annotations: map[string]string{"a": strings.Repeat("b", 16<<10)}},
			codes.InvalidArgument},
		"expiry": {regional, "a",
			&secretmanagerpb.Secret{Expiration: &secretmanagerpb.Secret_Ttl{Ttl: durationpb.New(1)}},
			codes.Unimplemented},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.CreateSecret(t.Context(), &secretmanagerpb.CreateSecretRequest{
				Parent:   row.parent,
				SecretId: row.id,
				Secret:   row.secret,
			})
			wantCode(t, err, row.want)
		})
	}
}

func update(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

func TestUpdateSecret_ChangesTheMaskedFieldsOnly(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	made := create(t, c, regional, "a")
	got, err := c.UpdateSecret(t.Context(),
		&secretmanagerpb.UpdateSecretRequest{
			UpdateMask: update("annotations"),
			Secret: &secretmanagerpb.Secret{
				Name:        made.GetName(),
				Etag:        made.GetEtag(),
				Annotations: map[string]string{"team": "data"},
				Labels:      map[string]string{"not": "masked"},
			},
		})
	wantCode(t, err, codes.OK)
	if diff := cmp.Diff(map[string]string{"team": "data"}, got.GetAnnotations()); diff != "" ||
		got.GetLabels() != nil || got.GetEtag() == made.GetEtag() {
		t.Errorf("updated to %v %s", got, diff)
	}
}

func TestUpdateSecret_Refused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	made := create(t, c, regional, "a")
	for name, row := range map[string]struct {
		secret *secretmanagerpb.Secret
		mask   *fieldmaskpb.FieldMask
		want   codes.Code
	}{
		"no mask":         {made, nil, codes.InvalidArgument},
		"immutable field": {made, update("replication"), codes.InvalidArgument},
		"no secret":       {nil, update("annotations"), codes.InvalidArgument},
		"other etag": {&secretmanagerpb.Secret{Name: made.GetName(), Etag: `"old"`}, update("annotations"),
			codes.FailedPrecondition},
		"unknown": {&secretmanagerpb.Secret{Name: regional + "/secrets/b"}, update("annotations"), codes.NotFound},
		"labels":  {made, update("annotations", "labels"), codes.InvalidArgument},
		"alias": {&secretmanagerpb.Secret{Name: made.GetName(), VersionAliases: map[string]int64{"x": 1}},
			update("annotations"), codes.Unimplemented},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.UpdateSecret(t.Context(),
				&secretmanagerpb.UpdateSecretRequest{Secret: row.secret, UpdateMask: row.mask})
			wantCode(t, err, row.want)
		})
	}
}

func TestDeleteSecret_EndsItWithItsVersions(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	made := create(t, c, regional, "a")
	v := add(t, c, made.GetName(), "x")
	wantCode(t, c.DeleteSecret(t.Context(), &secretmanagerpb.DeleteSecretRequest{Name: made.GetName(), Etag: `"old"`}),
		codes.FailedPrecondition)
	wantCode(t, c.DeleteSecret(t.Context(),
		&secretmanagerpb.DeleteSecretRequest{Name: made.GetName(), Etag: made.GetEtag()}), codes.OK)
	wantCode(t, c.DeleteSecret(t.Context(), &secretmanagerpb.DeleteSecretRequest{Name: made.GetName()}), codes.NotFound)
	wantAccess(t, c, v.GetName(), "", codes.NotFound)
	create(t, c, regional, "a")
	wantAccess(t, c, v.GetName(), "", codes.NotFound)
	if again := add(t, c, made.GetName(), "y"); again.GetName() != v.GetName() {
		t.Errorf("numbers go on as %s, want to begin anew at 1", again.GetName())
	}
}

func TestGetSecret_MalformedName_IsInvalid(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	for _, name := range []string{"", "a", regional, regional + "/secrets/", regional + "/secrets/a/versions/1",
		global + "/secrets/a", regional + "/secrets/a\x00b"} {
		_, err := c.GetSecret(t.Context(), &secretmanagerpb.GetSecretRequest{Name: name})
		wantCode(t, err, codes.InvalidArgument)
	}
	_, err := c.GetSecret(t.Context(), &secretmanagerpb.GetSecretRequest{Name: regional + "/secrets/a"})
	wantCode(t, err, codes.NotFound)
}
