package gcs

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	raw "google.golang.org/api/storage/v1"
)

const (
	pushTimeout = 10 * time.Second // Pub/Sub's default deadline
	firstAgain  = 100 * time.Millisecond
	longestWait = 10 * time.Second
	// pushFor is how long a message is tried; Pub/Sub keeps one for days.
	pushFor = 10 * time.Minute
	// pushesAtOnce bounds how many are under way.
	pushesAtOnce = 8
)

// subscription is who is told of objects, and with a token of whose account, for what audience.
type subscription struct{ name, endpoint, account, audience string }

// pusher tells subscribers of objects that are there, as Pub/Sub pushes what storage publishes: at least once, and
// again until it is taken. Messages are not kept over a restart.
type pusher struct {
	mint   func(account, audience string) (string, error)
	client *http.Client
	slots  chan struct{}

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	subs map[string]subscription
	sent int64
}

func newPusher(mint func(account, audience string) (string, error)) *pusher {
	p := &pusher{
		mint:   mint,
		client: &http.Client{Transport: &http.Transport{}, Timeout: pushTimeout},
		slots:  make(chan struct{}, pushesAtOnce),
		subs:   map[string]subscription{},
	}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p
}

// close gives up what has not been taken yet.
func (p *pusher) close() {
	p.stop()
	p.running.Wait()
	p.client.CloseIdleConnections()
}

func (p *pusher) subscribe(s subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subs[s.name] = s
}

// announce tells all subscribers, each in its own time.
func (p *pusher) announce(o *raw.Object) {
	p.mu.Lock()
	subs := slices.Collect(maps.Values(p.subs))
	p.sent++
	id := strconv.FormatInt(p.sent, 10)
	p.mu.Unlock()
	for _, s := range subs {
		p.running.Go(func() { p.deliver(s, message(o, s, id)) })
	}
}

func (p *pusher) deliver(s subscription, body []byte) {
	until := time.Now().Add(pushFor)
	for wait := firstAgain; !p.push(s, body) && time.Now().Before(until); wait = min(2*wait, longestWait) {
		select {
		case <-p.ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// push reports whether the message was taken.
func (p *pusher) push(s subscription, body []byte) bool {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-p.ctx.Done():
		return false
	}

	token, err := p.mint(s.account, s.audience)
	if err != nil {
		return false
	}

	r, err := http.NewRequestWithContext(p.ctx, http.MethodPost, s.endpoint, bytes.NewReader(body))
	if err != nil {
		return false
	}

	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(r)
	if err != nil {
		return false
	}

	_ = res.Body.Close()
	return res.StatusCode < 300
}

// message is what Pub/Sub pushes of an object that is there now.
//
// Source: Google Cloud Storage, "Pub/Sub notifications"; Google Cloud Pub/Sub, "Receive push messages".
func message(o *raw.Object, s subscription, id string) []byte {
	described, _ := json.Marshal(shown(o)) // a description that came from JSON
	body, _ := json.Marshal(map[string]any{
		"subscription": s.name,
		"message": map[string]any{
			"messageId":   id,
			"publishTime": o.TimeFinalized,
			"data":        base64.StdEncoding.EncodeToString(described),
			"attributes": map[string]string{
				"eventType":          "OBJECT_FINALIZE",
				"eventTime":          o.TimeFinalized,
				"payloadFormat":      "JSON_API_V1",
				"bucketId":           o.Bucket,
				"objectId":           o.Name,
				"objectGeneration":   strconv.FormatInt(o.Generation, 10),
				"notificationConfig": fmt.Sprintf("projects/_/buckets/%s/notificationConfigs/1", o.Bucket),
			},
		},
	})
	return body
}

// serveSubscription answers PUT /v1/projects/P/subscriptions/S, Pub/Sub's "create": here it replaces one of that name.
// It is for all buckets and their finalized objects, as if each had a notification configuration.
func (s *Server) serveSubscription(w http.ResponseWriter, r *http.Request, path []string) error {
	if s.opts.Mint == nil {
		return errNotImplemented
	}

	if r.Method != http.MethodPut {
		return errMethodNotAllowed
	}

	var asked struct {
		PushConfig struct {
			PushEndpoint string `json:"pushEndpoint"`
			OidcToken    struct {
				ServiceAccountEmail string `json:"serviceAccountEmail"`
				Audience            string `json:"audience"`
			} `json:"oidcToken"`
		} `json:"pushConfig"`
	}
	if err := decode(r.Body, &asked); err != nil {
		return err
	}

	to := asked.PushConfig
	if u, err := url.Parse(to.PushEndpoint); err != nil || checkLoopback(u.Host) != nil || u.Scheme != "http" {
		return errInvalidArgument.about("pushEndpoint", "This emulator pushes to http on loopback only.")
	}

	name := strings.Join(path, "/")
	s.pusher.subscribe(subscription{
		name:     name,
		endpoint: to.PushEndpoint,
		account:  to.OidcToken.ServiceAccountEmail,
		audience: to.OidcToken.Audience,
	})
	return answerJSON(w, http.StatusOK, map[string]any{"name": name, "pushConfig": to})
}
