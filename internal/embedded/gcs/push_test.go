package gcs_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func (r *rig) subscribe(endpoint, authorization string) answer {
	r.t.Helper()
	body := fmt.Sprintf(`{"topic": "projects/p/topics/t", "pushConfig": {"pushEndpoint": %q, "oidcToken": {"serviceAccountEmail": "events@p", "audience": "events"}}}`, endpoint)
	return r.do(r.request(http.MethodPut, r.server.URL()+"/v1/projects/p/subscriptions/s", strings.NewReader(body),
		"Authorization", authorization))
}

// pushed is what a subscriber got, in short.
type pushed struct{ authorization, event, name string }

// subscriber refuses the first messages, then takes them.
func subscriber(t *testing.T, refusals int64) (string, <-chan pushed) {
	t.Helper()
	got := make(chan pushed, 10)
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) <= refusals {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var body struct {
			Message struct {
				Attributes struct{ EventType, BucketID, ObjectID string }
			}
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		about := body.Message.Attributes
		got <- pushed{r.Header.Get("Authorization"), about.EventType, about.BucketID + "/" + about.ObjectID}
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

func TestPush_OfEveryWayToAnObject_ComesUntilItIsTaken(t *testing.T) {
	t.Parallel()
	r := start(t)
	url, got := subscriber(t, 2)
	r.subscribe(url, "Bearer "+token).want(t, http.StatusOK, "")
	next := func(name string) {
		t.Helper()
		select {
		case p := <-got:
			if want := (pushed{"Bearer events@p for events", "OBJECT_FINALIZE", bucket + "/" + name}); p != want {
				t.Errorf("told %+v, want %+v", p, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing was told of %s", name)
		}
	}
	r.write("a", "content")
	next("a")
	r.do(r.put("staging/b", "content")).want(t, http.StatusOK, "")
	next("staging/b")
	r.chunk(r.begin("c", `{}`), "", "content").want(t, http.StatusOK, "")
	next("c")
	_, err := r.object("d").CopierFrom(r.object("a")).Run(t.Context())
	r.must(err)
	next("d")
}

func TestPush_NeverTaken_HoldsNobodyUp(t *testing.T) {
	t.Parallel()
	r := start(t)
	url, _ := subscriber(t, 1<<30)
	r.subscribe(url, "Bearer "+token).want(t, http.StatusOK, "")
	for i := range 20 {
		r.write(fmt.Sprint(i), "content")
	}
	began := time.Now()
	r.must(r.server.Close())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("closing took %s", took)
	}
}

func TestSubscribe_AsNobodyOrToAnywhere_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.subscribe("http://127.0.0.1:1", "Bearer other").want(t, http.StatusUnauthorized, "")
	for _, endpoint := range []string{"", "https://127.0.0.1:1", "http://10.0.0.1:1", "http://storage.example",
		"127.0.0.1:1"} {
		r.subscribe(endpoint, "Bearer "+token).want(t, http.StatusBadRequest, "")
	}
}
