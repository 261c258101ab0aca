package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Khan/genqlient/graphql"

	"github.com/provenanceone/data-api/client"
)

const (
	busy  = `{"errors":[{"message":"Come again.","extensions":{"code":"UNAVAILABLE"}}]}`
	empty = `{"data":{"viewer":{}}}`
)

func TestRetries_AreForWhatMayBeRepeated(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context) func(c *client.Client) error {
		return func(c *client.Client) error { _, err := client.GetViewer(ctx, c); return err }
	}
	write := func(ctx context.Context, key *string) func(c *client.Client) error {
		return func(c *client.Client) error {
			_, err := client.CreateDatastore(ctx, c, client.CreateDatastoreInput{IdempotencyKey: key})
			return err
		}
	}
	end := func(ctx context.Context) func(c *client.Client) error {
		return func(c *client.Client) error { _, err := client.EndLease(ctx, c, client.EndLeaseInput{}); return err }
	}
	for name, has := range map[string]struct {
		first http.HandlerFunc
		many  int
		do    func(ctx context.Context) func(c *client.Client) error
		want  int
		is    error
	}{
		"a read that is unavailable": {says(503, "", busy), 1, read, 2, nil},
		"a read by a proxy's 503":    {says(503, "Retry-After: 2", "<html>"), 2, read, 3, nil},
		"a read without an answer":   {says(cut, "", ""), 2, read, 3, nil},
		"a read, again and again":    {says(503, "", busy), 9, read, 3, client.ErrUnavailable},
		"a read, much later":         {says(503, "Retry-After: 31", busy), 9, read, 1, client.ErrUnavailable},
		"a read that is refused":     {says(403, "", ""), 9, read, 1, client.ErrForbidden},
		"a mutation that is safe":    {says(503, "", busy), 1, end, 2, nil},
		"a mutation without a key": {says(503, "", busy), 9, func(ctx context.Context) func(c *client.Client) error {
			return write(ctx, nil)
		}, 1, client.ErrUnavailable},
		"a mutation with a key": {says(cut, "", ""), 1, func(ctx context.Context) func(c *client.Client) error {
			return write(ctx, client.NewIdempotencyKey())
		}, 2, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			c := must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
				if n++; n <= has.many {
					has.first(w, r)
					return
				}
				says(http.StatusOK, "", empty)(w, r)
			})
			if err := has.do(t.Context())(c); n != has.want || !errors.Is(err, has.is) {
				t.Errorf("%s: tried %d times: %v", name, n, err)
			}
		})
	}
}

func TestRetries_KeepNothingOfTheAnswerBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
			half := `{"data":{"viewer":{"role":"ADMIN"}},` + busy[1:]
			if n++; n == 1 {
				says(http.StatusOK, "", half)(w, r)
				return
			}
			says(http.StatusOK, "", empty)(w, r)
		})
		got, err := client.GetViewer(t.Context(), c)
		if err != nil || n != 2 || got.Viewer.Role != nil {
			t.Errorf("tried %d times: %+v, %v", n, got, err)
		}
	})
}

func TestRetries_WaitAsLongAsTheServerSays_UnlessTheContextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		n := 0
		c := must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
			if n++; n == 1 {
				says(http.StatusTooManyRequests, "Retry-After: 20", "")(w, r)
				return
			}
			says(http.StatusOK, "", empty)(w, r)
		})
		if _, err := client.GetViewer(t.Context(), c); err != nil || time.Since(began) < 20*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		n = 0
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.GetViewer(ctx, c); !errors.Is(err, context.DeadlineExceeded) ||
			!errors.Is(err, client.ErrRateLimited) || n != 1 {
			t.Errorf("tried %d times: %v", n, err)
		}
	})
}

// TestRetries_OfOwnOperations_AskNotTheirName has operations that others wrote, which do more than their name says.
func TestRetries_OfOwnOperations_AskNotTheirName(t *testing.T) {
	t.Parallel()
	const one = `{"idempotencyKey":"k"}`
	for name, own := range map[string]struct {
		query, operation, variables string
		want                        int
	}{
		"a name of the client's": {"mutation EndLease($input: I!) { rotateSecret(input: $input) { secret { id } } }",
			"EndLease", `{"input":{}}`, 1},
		"a read before a mutation": {"query A { viewer { role } } mutation B { rotateSecret(input: {}) { secret { id } } }",
			"B", `{}`, 1},
		"one of two with a key": {"mutation C($input: I!, $other: J!) { a(input: $input) { id } b(input: $other) { id } }",
			"C", `{"input":` + one + `,"other":{}}`, 1},
		"one and a text": {"mutation C($input: I!, $other: J!) { a(input: $input) { id } b(input: {name: $name}) { id } }",
			"C", `{"input":` + one + `,"name":"x"}`, 1},
		"both with a key": {"mutation C($input: I!, $other: J!) { a(input: $input) { id } b(input: $other) { id } }",
			"C", `{"input":` + one + `,"other":` + one + `}`, 3},
		"a read": {"query A { viewer { role } }", "A", `{}`, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			c := must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
				n++
				says(http.StatusServiceUnavailable, "", busy)(w, r)
			})
			err := c.MakeRequest(t.Context(), &graphql.Request{Query: own.query, OpName: own.operation,
				Variables: json.RawMessage(own.variables)}, &graphql.Response{})
			if n != own.want || !errors.Is(err, client.ErrUnavailable) {
				t.Errorf("%s: tried %d times: %v", name, n, err)
			}
		})
	}
}

// TestRetries_OfMutations_AreThoseOfTheGuide holds the list of what is safe to repeat against the guide's.
func TestRetries_OfMutations_AreThoseOfTheGuide(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/guide/retries.md")
	if err != nil {
		t.Fatal(err)
	}
	_, safe, _ := strings.Cut(string(page), "Safe to repeat: ")
	safe, _, found := strings.Cut(safe, "every mutation that takes")
	names := regexp.MustCompile("`([a-zA-Z]+)`").FindAllStringSubmatch(safe, -1)
	if !found || len(names) != len(client.SafeToRepeat) {
		t.Errorf("the guide has %q, the client %q", names, client.SafeToRepeat)
	}
	for _, name := range names {
		if !strings.Contains(strings.ToLower(strings.Join(client.SafeToRepeat, " ")), strings.ToLower(name[1])) {
			t.Errorf("the guide says that %s is safe to repeat", name[1])
		}
	}
}
