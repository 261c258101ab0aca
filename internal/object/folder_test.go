package object_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

// folders lists every folder there is, in pages of so many.
func (r *rig) folders(t *testing.T, below object.Below, first int32) []string {
	t.Helper()
	all := []string{}
	var after *string
	for more := true; more; {
		req, err := page.Parse(&first, after)
		testkit.Must(t, err)
		pages, err := r.objects.Folders(bg, r.acme, []datastore.ID{r.in}, below, req)
		testkit.Must(t, err)
		for _, f := range pages[0].Items {
			all = append(all, f.Prefix)
		}
		if more = pages[0].HasNext; more {
			after = new(pages[0].Keys[len(pages[0].Keys)-1].Cursor())
		}
	}
	return all
}

func TestFolders_AreThePrefixesUpToTheNextDelimiter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	keys := []string{"a", "a/b", "a/b/c", "a/b/d", "a/bb/c", "a/c", "ab/", "b//c", "b/c", "é/1", "日/本/x", "/", "//x",
		"%/x", "_/x", "a::b::c", "\U0010FFFF/x", "\U0010FFFE/x", "\uE000/x", "\uD7FF/x"}
	r.plant(t, keys...)
	for _, below := range []object.Below{{"", "/"}, {"a", "/"}, {"a/", "/"}, {"a/b", "/"}, {"a/b/", "/"}, {"b/", "/"},
		{"b//", "/"}, {"/", "/"}, {"", "::"},
		{"a::", "::"}, {"", "b"}, {"zz", "/"}, {"é", "/"}, {"", "日"}, {"", "//"}, {"\U0010FFFF", "/"}, {"", "\uD7FF"},
		{"", "%"}} {
		want := foldersOf(keys, below)
		for _, first := range []int32{1, 3, 100} {
			if got := r.folders(t, below, first); !slices.Equal(got, want) {
				t.Errorf("below %q by %q in pages of %d: %q, want %q", below.Prefix, below.Delimiter, first, got, want)
			}
		}
	}
}

// TestList_InAFolder_HasWhatIsDirectlyThere asks for each folder's objects, also those that start with more.
func TestList_InAFolder_HasWhatIsDirectlyThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	keys := []string{"a", "a/b", "a/b/c", "a/b/d", "a/bb/c", "a/c", "ab/", "b//c", "b/c", "é/1", "日/本/x", "/", "//x",
		"\U0010FFFF/x", "z"}
	r.plant(t, keys...)
	for _, folder := range []string{"", "a/", "a/b/", "ab/", "b/", "b//", "/", "//", "日/本/", "日/", "\U0010FFFF/", "none/", "a"} {
		for _, prefix := range []string{"", "a", "a/b", "a/b/d", "b", "\U0010FFFF", "z"} {
			want := []string{}
			for _, key := range keys {
				if key[:strings.LastIndex(key, "/")+1] == folder && strings.HasPrefix(key, prefix) {
					want = append(want, key)
				}
			}
			slices.Sort(want)
			for _, first := range []int32{1, 2, 100} {
				got := r.keys(t, object.Filter{Prefix: prefix, Folder: &folder}, first)
				if !slices.Equal(got, want) {
					t.Errorf("in %q with %q in pages of %d: %q, want %q", folder, prefix, first, got, want)
				}
			}
		}
	}
}

// keys are those of all pages of a list.
func (r *rig) keys(t *testing.T, f object.Filter, first int32) []string {
	t.Helper()
	all := []string{}
	var after *string
	for more := true; more; {
		req, err := page.Parse(&first, after)
		testkit.Must(t, err)
		pages, err := r.objects.List(bg, r.acme, []datastore.ID{r.in}, f, req)
		testkit.Must(t, err)
		for _, o := range pages[0].Items {
			all = append(all, o.Key)
		}
		if more = pages[0].HasNext; more {
			after = new(pages[0].Keys[len(pages[0].Keys)-1].Cursor())
		}
	}
	return all
}

// foldersOf is what folders mean, said plainly.
func foldersOf(keys []string, below object.Below) []string {
	all := []string{}
	for _, key := range keys {
		rest, under := strings.CutPrefix(key, below.Prefix)
		name, _, inFolder := strings.Cut(rest, below.Delimiter)
		if under && inFolder {
			all = append(all, below.Prefix+name+below.Delimiter)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestFolders_WithABadDelimiter_NameIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, bad := range []string{"", strings.Repeat("/", 17), "\U0010FFFF"} {
		_, err := r.objects.Folders(bg, r.acme, []datastore.ID{r.in}, object.Below{Delimiter: bad},
			page.Request{First: 1})
		testkit.Refused(t, err, fault.Invalid, "delimiter")
	}
}

// TestRead_OfMany_RunsAsManyStatementsAsOfOne counts what reading the contents of a page asks of the database.
func TestRead_OfMany_RunsAsManyStatementsAsOfOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	versions := []object.Version{}
	for i := range 20 {
		versions = append(versions, r.keep(t, fmt.Sprint(i), "text/plain", fmt.Sprint("content ", i)).Current)
	}
	count := func(some []object.Version) int64 {
		before := r.DB.Statements()
		readings, err := r.objects.Read(bg, r.acme, some, 100)
		testkit.Must(t, err)
		for i, reading := range readings {
			if testkit.Must(t, reading.Err); string(reading.Content.Bytes) != fmt.Sprint("content ", i) {
				t.Errorf("version %d reads %q", i, reading.Content.Bytes)
			}
		}
		return r.DB.Statements() - before
	}
	if one, many := count(versions[:1]), count(versions); one != many {
		t.Errorf("%d statements for one, %d for twenty", one, many)
	}
	if n := r.events(t, `action = 'datastore.object_read'`); n != 21 {
		t.Errorf("%d events for 21 reads", n)
	}
}

// TestFolders_FarBetween_AreRefusedNotLeftOut has folders by a delimiter that no index serves lie before, at and
// behind the last key that is read for an answer.
func TestFolders_FarBetween_AreRefusedNotLeftOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.Super.ExecContext(bg, `INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1, gen_random_uuid(), $2, 'key' || i, 1 FROM generate_series(1, 9998) i`, r.acme.Workspace.String(),
		r.in.String())
	testkit.Must(t, err)
	r.plant(t, "key 0:x")
	below, all := object.Below{Prefix: "key", Delimiter: ":"}, page.Request{First: 100}
	for _, key := range []string{"key~1:x", "key~2:x", "key~3:x"} {
		r.plant(t, key)
		pages, err := r.objects.Folders(bg, r.acme, []datastore.ID{r.in}, below, all)
		if key == "key~1:x" {
			if testkit.Must(t, err); len(pages[0].Items) != 2 {
				t.Errorf("as many keys as are read have the folders %v", pages[0].Items)
			}
			continue
		}
		testkit.Refused(t, err, fault.TooCostly, "delimiter")
	}
	pages, err := r.objects.Folders(bg, r.acme, []datastore.ID{r.in}, below, page.Request{First: 2})
	if testkit.Must(t, err); len(pages[0].Items) != 2 || !pages[0].HasNext {
		t.Errorf("a page that is whole has %v", pages[0])
	}
	pages, err = r.objects.Folders(bg, r.acme, []datastore.ID{r.in}, object.Below{Prefix: "key~", Delimiter: ":"}, all)
	if testkit.Must(t, err); len(pages[0].Items) != 3 {
		t.Errorf("below a longer prefix are %v", pages[0].Items)
	}
	if got := r.folders(t, object.Below{Delimiter: "/"}, 100); len(got) != 0 {
		t.Errorf("by / there are %q", got)
	}
}
