package resolvers

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestOrNull_OnlyWhatIsNotFound_IsNull(t *testing.T) {
	t.Parallel()
	thing := &graph.Datastore{ID: "a"}
	if got, err := orNull(thing, nil); got != thing || err != nil {
		t.Errorf("found: %v, %v", got, err)
	}
	for _, gone := range []error{datastore.NotFound(), fault.New(fault.NotFound, "gone").Because(io.EOF)} {
		if got, err := orNull(thing, gone); got != nil || err != nil {
			t.Errorf("not found: %v, %v", got, err)
		}
	}
	for _, bad := range []error{io.EOF, fault.New(fault.Unavailable, "down").Because(datastore.NotFound()),
		fault.New(fault.Forbidden, "no")} {
		if got, err := orNull(thing, bad); got != nil || !errors.Is(err, bad) {
			t.Errorf("%v: %v, %v", bad, got, err)
		}
	}
}

// TestConnections_OfAnEmptyPage_AreEmptyNotNull covers each connection: null in a list of non-null items is an error
// to clients.
func TestConnections_OfAnEmptyPage_AreEmptyNotNull(t *testing.T) {
	t.Parallel()
	for name, connection := range map[string]any{
		"datastores": datastoreConnection(page.Page[datastore.Datastore]{}),
		"objects":    connections(make([]page.Page[object.Object], 1), objectsOf, objectConnection)[0],
		"uploads":    connections(make([]page.Page[upload.Upload], 1), uploadsOf, uploadConnection)[0],
		"folders":    connections(make([]page.Page[object.Folder], 1), foldersOf, folderConnection)[0],
		"keys":       apiKeyConnection(page.Page[apikey.Key]{}),
		"events":     auditEventConnection(page.Page[audit.Event]{}),
		"secrets":    secretConnection(page.Page[secret.Secret]{}),
		"versions":   connections(make([]page.Page[secret.Version], 1), secretVersionsOf, secretVersionConnection)[0],
	} {
		raw, err := json.Marshal(connection)
		if err != nil || !strings.Contains(string(raw), `"nodes":[]`) || !strings.Contains(string(raw), `"edges":[]`) {
			t.Errorf("%s: %s, %v", name, raw, err)
		}
	}
	edges, info := gather[numberEdge](page.Page[int]{}, []*int{})
	if edges == nil || info.StartCursor != nil || info.EndCursor != nil || info.HasNextPage || info.HasPreviousPage {
		t.Errorf("the page is %v, %+v", edges, info)
	}
}

type (
	numberEdge struct {
		Cursor string `json:"cursor"`
		Node   *int   `json:"node"`
	}
	textEdge struct {
		Cursor string  `json:"cursor"`
		Node   *string `json:"node"`
	}
)

func TestGather_OfAPage_HasTheCursorsOfItsEnds(t *testing.T) {
	t.Parallel()
	p := page.Page[string]{
		Items:       []string{"a", "b", "c"},
		Keys:        []page.Key{{"a"}, {"b"}, {"c"}},
		HasNext:     true,
		HasPrevious: true,
	}
	nodes := each(p.Items, func(s string) *string { return &s })
	edges, info := gather[textEdge](p, nodes)
	if len(nodes) != 3 || len(edges) != 3 || *nodes[2] != "c" || edges[1].Node != nodes[1] ||
		edges[1].Cursor != (page.Key{"b"}).Cursor() {
		t.Errorf("nodes %v, edges %v", nodes, edges)
	}
	if *info.StartCursor != (page.Key{"a"}).Cursor() || *info.EndCursor != (page.Key{"c"}).Cursor() ||
		!info.HasNextPage || !info.HasPreviousPage {
		t.Errorf("the page is %+v", info)
	}
}

func TestGather_WhereNoEdgesAreSelected_HasTheCursorsOfItsEndsOnly(t *testing.T) {
	t.Parallel()
	nodesOnly := page.Request{First: 2, NodesOnly: true}
	p := page.Order[string]{Key: func(s string) page.Key { return page.Key{s} }}.
		Cut(nodesOnly, []string{"a", "b", "c"}, 0)
	edges, info := gather[textEdge](p, each(p.Items, func(s string) *string { return &s }))
	if len(edges) != 0 || *info.StartCursor != p.Keys[0].Cursor() || *info.EndCursor != p.Keys[1].Cursor() {
		t.Errorf("edges %v, the page is %+v", edges, info)
	}
	if calls("objects", nodesOnly, "") == calls("objects", page.Request{First: 2}, "") {
		t.Error("rows that are asked for edges are read together with those that are not")
	}
}

func TestUploadOf_ARejectedOne_SaysWhy(t *testing.T) {
	t.Parallel()
	why := upload.Superseded
	if got := uploadOf(upload.Upload{State: upload.Rejected, Rejection: &why}); got.Rejection == nil ||
		*got.Rejection != graph.UploadRejectionSuperseded {
		t.Errorf("got %+v", got)
	}
	if got := uploadOf(upload.Upload{
		State:     upload.Open,
		MaxBytes:  7,
		ExpiresAt: time.Unix(1, 0),
	}); got.Rejection != nil || got.MaxBytes != 7 || got.ExpiresAt.Unix() != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestVersionOf_WithoutMetadata_HasAnEmptyObject(t *testing.T) {
	t.Parallel()
	if got, err := metadataOf(nil); got == nil || err != nil {
		t.Errorf("it is %v, %v", got, err)
	}
	if got, err := metadataOf([]byte(`{"n": 9007199254740993}`)); err != nil ||
		got["n"] != json.Number("9007199254740993") {
		t.Errorf("it is %v, %v", got, err)
	}
	if got := contentOf(object.Content{Bytes: []byte{0xff}, Truncated: true}); got.Text != nil ||
		string(got.Base64) != "\xff" || !got.Truncated {
		t.Errorf("binary content is %+v", got)
	}
	if got := contentOf(object.Content{}); got.Text == nil || *got.Text != "" || got.Base64 == nil {
		t.Errorf("no content is %+v", got)
	}
}
