// Package secretmanager keeps the values of secrets in Google Secret Manager: it is the secret.Vault of production and
// `dev` alike.
//
// Each region's secrets live in one location, reached through that location's own endpoint. Versions are named by
// number only.
package secretmanager

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"regexp"
	"slices"
	"time"

	api "cloud.google.com/go/secretmanager/apiv1"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// defaultTimeout leaves a request of ten seconds room for a transaction before and after.
const defaultTimeout = 4 * time.Second

var (
	projectShape  = regexp.MustCompile(`^[a-z0-9][a-z0-9:.-]{0,62}$`)
	labelShape    = regexp.MustCompile(`^[a-z0-9-]{0,63}$`)
	locationShape = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
)

// Options say which Secret Manager keeps the values.
type Options struct {
	// Project is the id or number of the Google Cloud project.
	Project string
	// Locations maps a workspace's region to a location of Secret Manager.
	Locations map[string]string
	// Endpoint is the loopback host:port of an emulator; empty is Google's own endpoint of each location.
	Endpoint string
	// Bearer authorises calls to Endpoint; empty without one.
	Bearer string
	// Instance is the id of this deployment, which what it makes is labelled with; empty for none.
	Instance string
	// Observe is told of each RPC: its name, its status, and how long it took. nil for nobody.
	Observe func(method, outcome string, took time.Duration)
	// Timeout bounds one call of the Vault, retries included; zero is four seconds.
	Timeout time.Duration
}

// Vault implements secret.Vault.
type Vault struct {
	project  string
	instance string
	emulated bool
	timeout  time.Duration
	// places has one entry a region.
	places map[string]place
	// clients has one entry a location, or a single one for an emulator.
	clients []*api.Client
	// breakers has one entry a client.
	breakers []*breaker.Breaker
}

type place struct {
	parent string
	client *api.Client
}

var _ secret.Vault = (*Vault)(nil)

// New connects lazily; it calls nothing yet.
//
// Errors: fault.Invalid for a malformed project or location, or an endpoint that is not loopback; others if no Google
// credentials are found.
func New(ctx context.Context, o Options) (*Vault, error) {
	if err := o.check(); err != nil {
		return nil, err
	}

	v := &Vault{
		project:  o.Project,
		instance: o.Instance,
		emulated: o.Endpoint != "",
		timeout:  o.Timeout,
		places:   map[string]place{},
	}
	if v.timeout == 0 {
		v.timeout = defaultTimeout
	}

	byLocation := map[string]*api.Client{}
	for region, location := range o.Locations {
		c, err := v.clientFor(ctx, o, location, byLocation)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("connecting to Secret Manager in %s: %w", location, err), v.Close())
		}

		v.places[region] = place{"projects/" + o.Project + "/locations/" + location, c}
	}

	return v, nil
}

func (v *Vault) clientFor(
	ctx context.Context, o Options, location string, known map[string]*api.Client,
) (*api.Client, error) {
	key := location
	if o.Endpoint != "" {
		key = o.Endpoint
	}

	if c := known[key]; c != nil {
		return c, nil
	}

	there := breaker.New("Secret Manager in " + location)
	c, err := dial(ctx, o, location, there)
	if err != nil {
		return nil, err
	}

	known[key] = c
	v.clients, v.breakers = append(v.clients, c), append(v.breakers, there)
	return c, nil
}

func (o Options) check() error {
	if !projectShape.MatchString(o.Project) {
		return fault.New(fault.Invalid, "%q is no Google Cloud project.", o.Project)
	}

	if len(o.Locations) == 0 {
		return fault.New(fault.Invalid, "Secret Manager needs a location for at least one region.")
	}

	for _, region := range slices.Sorted(maps.Keys(o.Locations)) {
		if !locationShape.MatchString(o.Locations[region]) {
			return fault.New(fault.Invalid, "%q is no location of Secret Manager, for the region %q.",
				o.Locations[region], region)
		}
	}

	if !labelShape.MatchString(o.Instance) {
		return fault.New(fault.Invalid, "%q is no id of a deployment.", o.Instance)
	}

	if o.Timeout < 0 {
		return fault.New(fault.Invalid, "The time limit for Secret Manager is negative.")
	}

	return o.checkEndpoint()
}

func (o Options) checkEndpoint() error {
	if o.Endpoint == "" {
		if o.Bearer != "" {
			return fault.New(fault.Invalid, "A bearer for Secret Manager needs an endpoint: Google's own takes "+
				"Google credentials.")
		}

		return nil
	}

	host, _, err := net.SplitHostPort(o.Endpoint)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fault.New(fault.Invalid, "An endpoint for Secret Manager must be loopback: %q is not.", o.Endpoint)
	}

	return nil
}

// LogOutages has the log say when Secret Manager is away in a location, and when it is back.
func (v *Vault) LogOutages(log *slog.Logger) {
	for _, b := range v.breakers {
		b.LogOutages(log)
	}
}

// Close ends the connections.
func (v *Vault) Close() error {
	var errs []error
	for _, c := range v.clients {
		errs = append(errs, c.Close())
	}

	return errors.Join(errs...)
}
