package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/provenanceone/data-api/internal/fault"
)

// How is what a sign-in needs of where it runs.
type How struct {
	// Callback is HOST:PORT of loopback, where the issuer's answer is taken; port 0 is any.
	Callback string
	// Show gets the address that the person has to open.
	Show func(address string)
	// Wait is how long the person may take.
	Wait time.Duration
}

// In signs a person in: it shows the address of the issuer's page, and waits until a browser brings the answer.
//
// Errors: fault.Invalid for an issuer or a callback that is not safe; fault.Forbidden if the issuer or the person
// refused; fault.Unavailable if the issuer does not answer, or nobody did in time.
func In(ctx context.Context, c Client, how How) (Session, error) {
	ctx = withHTTP(ctx)
	p, err := c.discover(ctx)
	if err != nil {
		return Session{}, err
	}

	host, port, err := net.SplitHostPort(how.Callback)
	if err != nil || !Safe("http://"+how.Callback) {
		return Session{}, fault.New(fault.Invalid, "--callback %s: it takes HOST:PORT of loopback.", how.Callback)
	}

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return Session{}, fmt.Errorf("listening for the answer: %w", err)
	}

	_, port, _ = net.SplitHostPort(listener.Addr().String()) // a listener has one
	w := waiter{
		host:        net.JoinHostPort(host, port),
		issuer:      c.Issuer,
		namesItself: p.ends.NamesItself,
		state:       rand.Text(),
		got:         make(chan url.Values, 1),
	}
	p.config.RedirectURL = "http://" + w.host + callbackPath
	p.config.Scopes = offered(c.Scopes, p.ends.Scopes)
	verifier, nonce := oauth2.GenerateVerifier(), rand.Text()
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", nonce)}
	if c.Audience != "" {
		options = append(options, oauth2.SetAuthURLParam("audience", c.Audience))
	}

	answer, err := w.wait(ctx, listener, how, p.config.AuthCodeURL(w.state, options...))
	if err != nil {
		return Session{}, err
	}

	given, err := p.config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return Session{}, refused(c.Issuer, err)
	}

	return p.session(ctx, c, given, nonce)
}

// offered are those of the scopes that the issuer has, if it says which: some refuse a request for others.
func offered(wanted, there []string) []string {
	if len(there) == 0 {
		return wanted
	}

	return slices.DeleteFunc(slices.Clone(wanted), func(s string) bool {
		return s == "offline_access" && !slices.Contains(there, s)
	})
}

const callbackPath = "/callback"

// waiter takes the issuer's answer, which a browser brings.
type waiter struct {
	host, issuer, state string
	// namesItself is whether each answer of the issuer names it.
	namesItself bool
	got         chan url.Values
}

// wait returns the answer to this sign-in. What is none of it is refused, and does not end the wait.
func (w waiter) wait(ctx context.Context, l net.Listener, how How, address string) (url.Values, error) {
	server := &http.Server{Handler: w, ReadTimeout: requestTime, MaxHeaderBytes: 64 << 10}
	var failed error
	served := make(chan struct{})
	go func() {
		defer close(served)
		failed = server.Serve(l)
	}()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(ending) // the page that says so has a second to arrive
		_ = server.Close()
		<-served
	}()

	how.Show(address)
	late := time.NewTimer(how.Wait)
	defer late.Stop()
	select {
	case answer := <-w.got:
		if code := answer.Get("error"); code != "" {
			return nil, fault.New(fault.Forbidden, "You are not signed in: %s",
				plain(code+" "+answer.Get("error_description")))
		}

		return answer, nil
	case <-served:
		return nil, fmt.Errorf("listening for the answer: %w", failed)
	case <-late.C:
		return nil, fault.New(fault.Unavailable, "Nobody has signed in within %s: try again.", how.Wait)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ServeHTTP takes one answer, which must have the state of this sign-in and be its issuer's, as far as that can be
// told.
func (w waiter) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	q := r.URL.Query()
	if r.Method != http.MethodGet || r.Host != w.host || r.URL.Path != callbackPath || !w.isAnswer(q) {
		rw.WriteHeader(http.StatusBadRequest)
		say(rw, "This is no answer to a sign-in", "Begin again: data-api login")
		return
	}

	if q.Get("error") != "" {
		say(rw, "You are not signed in", "The terminal says why. You can close this page.")
	} else {
		say(rw, "Signed in", "Go back to the terminal. You can close this page.")
	}

	select {
	case w.got <- q:
	default: // the first one counts
	}
}

// isAnswer tells by what an answer must have, each once. Source: RFC 6749, section 4.1.2; RFC 9207, section 2.4.
func (w waiter) isAnswer(q url.Values) bool {
	for _, name := range []string{"state", "code", "error", "iss"} {
		if len(q[name]) > 1 {
			return false
		}
	}

	from := q.Get("iss")
	return subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(w.state)) == 1 &&
		(from == w.issuer || from == "" && !w.namesItself) && (q.Get("code") == "") != (q.Get("error") == "")
}

func say(w http.ResponseWriter, title, text string) {
	_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" `+
		`content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>%s`+
		`</title></head><body><main><h1>%s</h1><p>%s</p></main></body></html>`, title, title, text)
}
