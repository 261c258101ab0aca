package e2e

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// storageProxy stands between a server and storage, and returns where.
func storageProxy(t *testing.T, target string, faults *trap) string {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	to := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request) {
		passRequest(w, r, target, to, faults)
	}))
	t.Cleanup(func() {
		proxy.CloseClientConnections()
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return proxy.URL
}

func passRequest(w http.ResponseWriter, r *http.Request, target string, to *http.Client, faults *trap) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	met, kill := faults.next()
	switch met {
	case killBefore:
		kill()
		panic(http.ErrAbortHandler) // the call never arrives
	case delayed:
		time.Sleep(500 * time.Millisecond)
	default:
	}
	if met == killAfter {
		defer kill()
	}
	status, header, said := forward(r, target, to, body)
	switch met {
	case twice:
		forward(r, target, to, body) // what came of it the first time is the answer
	case killAfter:
		kill()
		panic(http.ErrAbortHandler)
	case lost:
		panic(http.ErrAbortHandler) // the connection ends without an answer
	default:
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(said)
}

// forward sends a request on, whoever has sent it being gone or not.
func forward(r *http.Request, target string, to *http.Client, body []byte) (int, http.Header, []byte) {
	sent, err := http.NewRequest(r.Method, target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	sent.Header = r.Header.Clone()
	answer, err := to.Do(sent)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return answer.StatusCode, answer.Header, said
}
