package oidc

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// How long what a sign-in leaves in memory is good for, and how many there are of each at most.
const (
	requestLife = 10 * time.Minute
	codeLife    = 60 * time.Second
	sessionLife = 12 * time.Hour
	mostKept    = 200
)

// request is what a client asked for at the authorization endpoint.
type request struct {
	csrf                                             string
	client, redirect, state, nonce, challenge, scope string
	expires                                          time.Time
}

// code is what a client exchanges for tokens. It stays after its use, so that a second use is noticed.
type code struct {
	request

	user    User
	used    bool
	session string
}

// session is what refresh tokens go on: one at a time is good for it.
type session struct {
	request

	id, refresh string
	user        User
	began       time.Time
}

// memory holds what sign-ins need from one request to the next. It forgets the oldest of a kind when there are too
// many.
type memory struct {
	mu       sync.Mutex
	now      func() time.Time
	requests *simplelru.LRU[string, request]
	codes    *simplelru.LRU[string, *code]
	sessions *simplelru.LRU[string, *session]
}

func newMemory(now func() time.Time) *memory {
	return &memory{
		now:      now,
		requests: kept[request](),
		codes:    kept[*code](),
		sessions: kept[*session](),
	}
}

func kept[T any]() *simplelru.LRU[string, T] {
	lru, err := simplelru.NewLRU[string, T](mostKept, nil)
	if err != nil {
		panic(err) // it is for a size below 1
	}

	return lru
}

// ask keeps a request until a person answers it, and returns what names it, and the token that an answer must have.
func (m *memory) ask(r request) (id, csrf string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.csrf, r.expires = rand.Text(), m.now().Add(requestLife)
	id = rand.Text()
	m.requests.Add(id, r)
	return id, r.csrf
}

// answer returns a request to whoever has its token, once; whoever has a wrong one ends it.
func (m *memory) answer(id, csrf string) (request, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, known := m.requests.Peek(id)
	m.requests.Remove(id)
	return r, known && same(r.csrf, csrf) && m.now().Before(r.expires)
}

// issue returns a code for what was asked, in the name of a user.
func (m *memory) issue(r request, u User) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.expires = m.now().Add(codeLife)
	text := rand.Text()
	m.codes.Add(text, &code{request: r, user: u})
	return text
}

// redeem begins a session for a code, and returns it with its refresh token. A second use ends the session of the
// first.
func (m *memory) redeem(text, client, redirect, verifier string) (session, string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.codes.Peek(text)
	if !known {
		return session{}, "", false
	}

	if c.used {
		m.sessions.Remove(c.session)
		return session{}, "", false
	}

	c.used = true
	if !m.now().Before(c.expires) || c.client != client || c.redirect != redirect ||
		!same(c.challenge, challengeOf(verifier)) {
		return session{}, "", false
	}

	s := &session{request: c.request, id: rand.Text(), user: c.user, began: m.now()}
	s.expires, s.refresh, c.session = s.began.Add(sessionLife), rand.Text(), s.id
	m.sessions.Add(s.id, s)
	return *s, s.id + "." + s.refresh, true
}

// refresh returns a session and its next refresh token. A token that was used before ends the session: two have it,
// and one of them should not.
func (m *memory) refresh(token, client string) (session, string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, secret, _ := strings.Cut(token, ".")
	s, known := m.sessions.Peek(id)
	if !known || s.client != client {
		return session{}, "", false
	}

	if !m.now().Before(s.expires) || !same(s.refresh, secret) {
		m.sessions.Remove(id)
		return session{}, "", false
	}

	s.refresh = rand.Text()
	return *s, s.id + "." + s.refresh, true
}

// end ends a session.
func (m *memory) end(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions.Remove(id)
}

// endAll ends every session, and forgets every code, so that none begins a session from then on.
func (m *memory) endAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions.Purge()
	m.codes.Purge()
}

// challengeOf is what a client sends ahead of a verifier. Source: RFC 7636, section 4.2.
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
