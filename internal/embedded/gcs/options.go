package gcs

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"
)

// Options is what an emulator is started with.
type Options struct {
	// Dir is the state directory; it is made when it is missing. One emulator at a time may use it.
	Dir string
	// Listen is a loopback address with its port; empty for any free port of 127.0.0.1.
	Listen string
	// Bearer is the token that every request without a signature must bear.
	Bearer string
	// Signers are the service accounts, by their email, with the public keys of what they sign themselves.
	Signers map[string]*rsa.PublicKey
	// Permissions are what the bearer may do, by IAM's names; nil for everything. A signed request is its signer's.
	Permissions []string
	// Mint makes the tokens that Pub/Sub's subscribers are told with; nil for no Pub/Sub.
	Mint func(account, audience string) (string, error)
	// Now is the clock; nil for the machine's.
	Now func() time.Time
	// Log takes a line a request, without its query; nil for none.
	Log *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o, errors.Join(o.checkNamed(), checkLoopback(o.Listen))
}

func (o Options) checkNamed() error {
	if o.Dir == "" || o.Bearer == "" {
		return errors.New("a storage emulator needs a state directory and a bearer token")
	}

	for email, key := range o.Signers {
		if email == "" || key == nil {
			return errors.New("a signer of the storage emulator needs an email and a public key")
		}
	}

	return nil
}

func checkLoopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("reading the address to listen on: %w", err)
	}

	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("the storage emulator listens on a loopback address only, not on %q", host)
	}

	return nil
}
