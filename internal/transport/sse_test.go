package transport

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

const lastEvent = "event: complete\ndata:\n\n"

func TestSSE_Operations_AreEvents(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	for query, want := range map[string]string{
		`{echo(text:"a\nb")}`: `event: next` + "\n" + `data: {"data":{"echo":"a\nb"}}` + "\n\n",
		`mutation{act}`:       "event: next\ndata: {\"data\":{\"act\":null}}\n\n",
		`subscription{ticks(n:2)}`: "event: next\ndata: {\"data\":{\"ticks\":1}}\n\nevent: next\ndata: " +
			"{\"data\":{\"ticks\":2}}\n\n",
		`subscription{ticks(n:0)}`: "",
	} {
		response := g.stream(http.MethodPost, "ann", query)
		if got := response.text(t); got != ":\n\n"+want+lastEvent || response.status != http.StatusOK {
			t.Errorf("%s: got %d %q", query, response.status, got)
		}
		if got := response.header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
			t.Errorf("got %s", got)
		}
	}
}

func TestSSE_Refusals_AreEventsWithoutData(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	for query, code := range map[string]fault.Kind{
		`{nothing}`:          fault.ValidationFailed,
		`{`:                  fault.ParseFailed,
		`{silent}`:           fault.Unavailable,
		`{boom}`:             fault.Internal,
		`subscription{boom}`: fault.Internal,
	} {
		got := g.stream(http.MethodPost, "ann", query).text(t)
		if !strings.HasPrefix(got, ":\n\nevent: next\ndata: {\"errors\":[") || !strings.Contains(got, string(code)) ||
			!strings.HasSuffix(got, lastEvent) {
			t.Errorf("%s: got %s", query, got)
		}
	}
	if strings.Contains(g.book.String(), "hunter2") {
		t.Errorf("logged %s", g.book)
	}
}

func TestSSE_GET_RunsNoMutation(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	if got := g.stream(http.MethodGet, "ann", `subscription{ticks(n:1)}`).
		text(t); !strings.Contains(got, `{"ticks":1}`) {
		t.Errorf("got %s", got)
	}
	response := g.stream(http.MethodGet, "ann", `mutation{act}`)
	if got := response.text(t); response.status != http.StatusMethodNotAllowed ||
		!strings.Contains(got, "BAD_REQUEST") ||
		response.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("got %d %s", response.status, got)
	}
}

func TestPOST_SubscriptionWithoutStream_IsNotAcceptable(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	response, err := http.Post(g.url, "application/json", strings.NewReader(`{"query":"subscription{silence}"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := (events{body: response.Body}).text(t); response.StatusCode != http.StatusNotAcceptable ||
		!strings.Contains(got, "BAD_REQUEST") {
		t.Errorf("got %d %s", response.StatusCode, got)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestSSE_CredentialEnds_StreamSaysSoAndEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*rig)
		code   fault.Kind
	}{
		"revoked": {func(g *rig) { g.forget("ann") }, fault.Unauthenticated},
		"lowered": {func(g *rig) { a := ann(); a.Role = authz.Viewer; g.set("ann", a) }, fault.Forbidden},
		"stopped": {func(g *rig) { close(g.stopped) }, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, quick())
			response := g.stream(http.MethodPost, "ann", `subscription{silence}`)
			test.change(g)
			if got := response.text(t); !strings.Contains(got, string(test.code)) ||
				!strings.HasSuffix(got, lastEvent) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestSSE_LongStream_OutlivesTheServersDeadlines(t *testing.T) {
	t.Parallel()
	p := quick()
	p.comment = 20 * time.Millisecond
	g := newRig(t, p)
	lines := bufio.NewScanner(g.stream(http.MethodPost, "ann", `subscription{silence}`).body)
	began := time.Now()
	for time.Since(began) < deadline+500*time.Millisecond && lines.Scan() {
	}
	if time.Since(began) < deadline {
		t.Errorf("it ended after %v: %v", time.Since(began), lines.Err())
	}
}

func TestSSE_OverHTTP2_OutlivesTheServersDeadlinesToo(t *testing.T) {
	t.Parallel()
	p := quick()
	p.comment = 20 * time.Millisecond
	g := newRig(t, p)
	site := httptest.NewUnstartedServer(g.handler)
	site.EnableHTTP2 = true
	site.Config.ReadTimeout, site.Config.WriteTimeout = deadline, deadline
	site.StartTLS()
	defer site.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL,
		strings.NewReader(`{"query":"subscription{silence}"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Accept": {eventStream}, "Content-Type": {"application/json"}, "Authorization": {"ann"}}
	response, err := site.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for began := time.Now(); time.Since(began) < deadline+500*time.Millisecond && lines.Scan(); {
	}
	g.forget("ann")
	got := ""
	for lines.Scan() {
		got += lines.Text()
	}
	if lines.Err() != nil || response.ProtoMajor != 2 || !strings.Contains(got, "UNAUTHENTICATED") ||
		!strings.Contains(got, "event: complete") {
		t.Errorf("got %s %q, %v", response.Proto, got, lines.Err())
	}
}
