package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/client"
)

var reasons = []error{
	client.ErrBadRequest, client.ErrGraphQLParseFailed, client.ErrGraphQLValidationFailed, client.ErrUnauthenticated,
	client.ErrForbidden, client.ErrNotFound, client.ErrBadUserInput, client.ErrConflict, client.ErrInUse,
	client.ErrQuotaExceeded, client.ErrIdempotencyMismatch, client.ErrRateLimited, client.ErrQueryTooCostly,
	client.ErrUnknownDocument, client.ErrUntrustedDocument, client.ErrUnavailable, client.ErrInternal,
}

// TestErrors_EachCode_HasOneSentinel holds the sentinels against the contract and the reference of errors.
func TestErrors_EachCode_HasOneSentinel(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/reference/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		documented = append(documented, row[1])
	}
	var said []string
	for _, v := range contract(t).Types["ErrorCode"].EnumValues {
		said = append(said, v.Name)
		err := error(&client.Error{Code: client.ErrorCode(v.Name)})
		var matched []string
		for _, r := range reasons {
			if errors.Is(err, r) {
				matched = append(matched, r.Error())
			}
		}
		if !slices.Equal(matched, []string{v.Name}) {
			t.Errorf("%s is %q", v.Name, matched)
		}
	}
	slices.Sort(said)
	slices.Sort(documented)
	if !slices.Equal(said, documented) || len(said) != len(reasons) {
		t.Errorf("the contract has %q, the page %q, and the client %d", said, documented, len(reasons))
	}
	if err := error(&client.Error{Code: "FROM_THE_FUTURE"}); !errors.Is(err, client.ErrInternal) {
		t.Error("an unknown code is no internal error")
	}
}

func TestErrors_SayWhatTheAPISaid(t *testing.T) {
	t.Parallel()
	body := `{"data":{"createSecret":null},"errors":[{"message":"The name is taken.\n","path":["createSecret"],` +
		`"locations":[{"line":3,"column":7}],"extensions":{"code":"CONFLICT","field":"input.name","currentVersion":2}}]}`
	for _, status := range []int{http.StatusOK, http.StatusConflict} {
		c := must(t, client.APIKey("k"), says(status, "X-Request-Id: r-1", body))
		_, err := client.CreateSecret(t.Context(), c, client.CreateSecretInput{})
		want := client.Error{
			Code:       client.ErrorCodeConflict,
			Message:    "The name is taken.",
			Field:      "input.name",
			RequestID:  "r-1",
			Status:     status,
			Extensions: map[string]any{"code": "CONFLICT", "field": "input.name", "currentVersion": 2.0},
		}
		var got *client.Error
		if wrapped := fmt.Errorf("keeping: %w", err); !errors.As(wrapped, &got) || !reflect.DeepEqual(*got, want) ||
			!errors.Is(wrapped, client.ErrConflict) || errors.Is(wrapped, client.ErrNotFound) ||
			err.Error() != "The name is taken." || client.Message(wrapped) != err.Error() ||
			client.Code(wrapped) != client.ErrorCodeConflict {
			t.Errorf("it is %+v, %v", got, err)
		}
	}
	if other := errors.New("connection refused"); client.Code(other) != "" || client.Code(nil) != "" ||
		client.Message(other) != "connection refused" || client.Message(nil) != "" {
		t.Error("what is no answer has a code")
	}
}

func TestErrors_SeveralOfOneAnswer_AreAllThere(t *testing.T) {
	t.Parallel()
	c := must(t, client.APIKey("k"), says(http.StatusOK, "", `{"data":{"datastore":null},"errors":[`+
		`{"message":"One.","extensions":{"code":"FORBIDDEN"}},{"message":"Two.","extensions":{"code":"INTERNAL"}}]}`))
	_, err := client.GetDatastore(t.Context(), c, "id")
	if !errors.Is(err, client.ErrForbidden) || !errors.Is(err, client.ErrInternal) || client.Message(err) != "One." {
		t.Error(err)
	}
}

// TestErrors_OfWhatStandsInBetween_AreClean is about answers that no API has given.
func TestErrors_OfWhatStandsInBetween_AreClean(t *testing.T) {
	t.Parallel()
	const html = "<html><body>\n<h1>Bad Gateway</h1> nginx/1.2.3</body></html>\n"
	for name, has := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"a proxy's page":       {http.StatusBadGateway, html, client.ErrUnavailable},
		"a proxy's time-out":   {http.StatusGatewayTimeout, html, client.ErrUnavailable},
		"a bare 401":           {http.StatusUnauthorized, "", client.ErrUnauthenticated},
		"a bare 403":           {http.StatusForbidden, "", client.ErrForbidden},
		"a bare 429":           {http.StatusTooManyRequests, "slow down", client.ErrRateLimited},
		"too large":            {http.StatusRequestEntityTooLarge, html, client.ErrBadRequest},
		"no such path":         {http.StatusNotFound, "404 page not found\n", client.ErrBadRequest},
		"another 500":          {http.StatusInternalServerError, "{}", client.ErrInternal},
		"a page with 200":      {http.StatusOK, html, client.ErrInternal},
		"nothing with 200":     {http.StatusOK, `{"data":null}`, client.ErrInternal},
		"other JSON, with 200": {http.StatusOK, `{"status":"up"}`, client.ErrInternal},
	} {
		c := must(t, client.APIKey("k"), says(has.status, "Retry-After: 3600", has.body))
		_, err := client.GetViewer(t.Context(), c)
		var got *client.Error
		if !errors.Is(err, has.want) || !errors.As(err, &got) || got.Status != has.status ||
			got.RetryAfter != time.Hour || strings.ContainsAny(err.Error(), "<>\n") {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
}

func TestErrors_OfALimit_SayWhenToComeAgain(t *testing.T) {
	t.Parallel()
	c := must(t, client.APIKey("k"), says(http.StatusOK, "Retry-After: 1",
		`{"errors":[{"message":"Too much.","extensions":{"code":"RATE_LIMITED","retryAfterSeconds":60}}]}`))
	_, err := client.GetViewer(t.Context(), c)
	var got *client.Error
	if !errors.As(err, &got) || got.RetryAfter != time.Minute {
		t.Errorf("%+v", got)
	}
}
