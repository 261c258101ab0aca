package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestTakes_ComparesTypesWithoutParametersAndCase(t *testing.T) {
	t.Parallel()
	p := datastore.Policy{ContentTypes: []string{"text/csv", "Image/*", "application/vnd.a+json"}}
	for contentType, want := range map[string]bool{
		"text/csv":                true,
		"TEXT/CSV":                true,
		"text/csv; charset=utf-8": true,
		"text/csv ;x=y":           true,
		"image/png":               true,
		"image/svg+xml":           true,
		"application/vnd.a+json":  true,
		"text/csvx":               false,
		"text/plain":              false,
		"imagex/png":              false,
		"application/json":        false,
		"text/*":                  false,
		"text/plain; a=text/csv":  false,
		"":                        false,
	} {
		if got := p.Takes(contentType); got != want {
			t.Errorf("%q: %t", contentType, got)
		}
	}
	if !(datastore.Policy{}).Takes("any/thing") || !(datastore.Policy{}).Fits(1<<62) {
		t.Error("without a policy something is refused")
	}
}

func TestPolicy_AtItsBounds_IsKeptAndChangedFieldByField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	fifty := slices.Repeat([]string{strings.Repeat("a", 127) + "/*"}, 50)
	d, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{
		Name:           "a",
		MaxObjectBytes: new(int64(5 << 40)),
		ContentTypes:   fifty,
		KeepVersions:   new(int32(100)),
	})
	testkit.Must(t, err)
	got, err := r.Find(t.Context(), r.acme, d.ID)
	testkit.Must(t, err)
	if *got.MaxObjectBytes != 5<<40 || !slices.Equal(got.ContentTypes, fifty) || got.KeepVersions != 100 {
		t.Errorf("it is %+v", got.Policy)
	}
	one, none := new(int64(1)), (*int64)(nil)
	for _, step := range []struct {
		change datastore.UpdateRequest
		limit  *int64
		types  []string
		keep   int32
	}{
		{datastore.UpdateRequest{Name: new("b")}, new(int64(5 << 40)), fifty, 100},
		{datastore.UpdateRequest{MaxObjectBytes: &one}, one, fifty, 100},
		{datastore.UpdateRequest{ContentTypes: &[]string{"text/csv"}}, one, []string{"text/csv"}, 100},
		{datastore.UpdateRequest{KeepVersions: new(int32(1))}, one, []string{"text/csv"}, 1},
		{datastore.UpdateRequest{MaxObjectBytes: &none}, nil, []string{"text/csv"}, 1},
		{datastore.UpdateRequest{ContentTypes: new([]string)}, nil, []string{}, 1},
	} {
		d, err := r.Update(t.Context(), r.acme, d.ID, step.change)
		testkit.Must(t, err)
		limited := d.MaxObjectBytes != nil
		if limited != (step.limit != nil) || limited && *d.MaxObjectBytes != *step.limit ||
			!slices.Equal(d.ContentTypes, step.types) || d.KeepVersions != step.keep {
			t.Errorf("after %+v it is %+v", step.change, d.Policy)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.updated'
		AND details @> '{"keepVersions": 1}'`); n != 1 {
		t.Errorf("%d events name the versions kept", n)
	}
}

func TestPolicy_BeyondItsBounds_NamesTheFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	bad := map[string][]datastore.CreateRequest{
		"maxObjectBytes": {{MaxObjectBytes: new(int64(0))}, {MaxObjectBytes: new(int64(-1))},
			{MaxObjectBytes: new(int64(5<<40 + 1))}},
		"keepVersions": {{KeepVersions: new(int32(0))}, {KeepVersions: new(int32(-1))},
			{KeepVersions: new(int32(101))}},
		"contentTypes": {{ContentTypes: slices.Repeat([]string{"a/b"}, 51)}},
	}
	for _, text := range []string{"", "a", "a/", "/b", "*/*", "*", "a/b/c", "a/b*", "a/**", "a/b; c=d", " a/b", "a/b ",
		"ä/b", "a/b\x00", strings.Repeat("a", 128) + "/b"} {
		bad["contentTypes"] = append(bad["contentTypes"],
			datastore.CreateRequest{ContentTypes: []string{"text/csv", text}})
	}
	for field, all := range bad {
		for _, n := range all {
			n.Name = "new"
			if _, err := r.Create(t.Context(), r.acme, n); fieldOf(err, fault.Invalid) != field {
				t.Errorf("creating %+v: %v", n, err)
			}
			c := datastore.UpdateRequest{KeepVersions: n.KeepVersions}
			if n.MaxObjectBytes != nil {
				c.MaxObjectBytes = &n.MaxObjectBytes
			}
			if n.ContentTypes != nil {
				c.ContentTypes = &n.ContentTypes
			}
			if _, err := r.Update(t.Context(), r.acme, d.ID, c); fieldOf(err, fault.Invalid) != field {
				t.Errorf("changing to %+v: %v", n, err)
			}
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM datastore WHERE max_object_bytes IS NOT NULL OR content_types <> '{}'
		OR keep_versions <> 1 OR name = 'new'`); n != 0 {
		t.Errorf("%d were made or changed", n)
	}
}
