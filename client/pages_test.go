package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/client"
)

// pages is a server with a list of three datastores on two pages.
func pages(t *testing.T, asked *[]string) *client.Client {
	t.Helper()
	return must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Variables struct {
				First int
				After string
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		*asked = append(*asked, fmt.Sprintf("%d %s", body.Variables.First, body.Variables.After))
		page := `"nodes":[{"id":"1"},{"id":"2"}],"pageInfo":{"hasNextPage":true,"endCursor":"c"}`
		if body.Variables.After == "c" {
			page = `"nodes":[{"id":"3"}],"pageInfo":{"hasNextPage":false,"endCursor":"d"}`
		}
		_, _ = fmt.Fprintf(w, `{"data":{"datastores":{%s}}}`, page)
	})
}

func TestIterators_GoThroughAllPages_AndNoFurther(t *testing.T) {
	t.Parallel()
	var asked, ids []string
	c := pages(t, &asked)
	for d, err := range c.Datastores(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, d.Id)
	}
	if !slices.Equal(ids, []string{"1", "2", "3"}) || !slices.Equal(asked, []string{"100 ", "100 c"}) {
		t.Errorf("%q, asking for %q", ids, asked)
	}
	asked = nil
	for _, err := range c.Datastores(t.Context(), "") {
		if len(asked) != 1 || err != nil {
			t.Errorf("for the first it asked for %q: %v", asked, err)
		}
		break
	}
}

func TestIterators_OfWhatIsRefusedOrNotThere_EndWithTheReason(t *testing.T) {
	t.Parallel()
	missing := must(t, client.APIKey("k"), says(http.StatusOK, "", `{"data":{"datastore":null,"secret":null}}`))
	refused := must(t, client.APIKey("k"), says(http.StatusOK, "",
		`{"errors":[{"message":"No.","extensions":{"code":"FORBIDDEN"}}]}`))
	var errs []error
	for _, err := range missing.Objects(t.Context(), "d", "") {
		errs = append(errs, err)
	}
	for _, err := range missing.Folders(t.Context(), "d", "") {
		errs = append(errs, err)
	}
	for _, err := range missing.Uploads(t.Context(), "d", nil) {
		errs = append(errs, err)
	}
	for _, err := range missing.ObjectVersions(t.Context(), "d", "k") {
		errs = append(errs, err)
	}
	for _, err := range missing.SecretVersions(t.Context(), "s") {
		errs = append(errs, err)
	}
	for _, err := range missing.SecretReferences(t.Context(), "s") {
		errs = append(errs, err)
	}
	for i, err := range errs {
		if !errors.Is(err, client.ErrNotFound) || len(errs) != 6 {
			t.Errorf("the error %d of %d is %v", i, len(errs), err)
		}
	}
	n := 0
	for _, err := range refused.AuditEvents(t.Context(), nil) {
		if n++; !errors.Is(err, client.ErrForbidden) || n > 1 {
			t.Errorf("%d: %v", n, err)
		}
	}
}
