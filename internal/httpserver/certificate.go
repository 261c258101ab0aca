package httpserver

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateInterval is how often at most the server looks whether a certificate has changed.
const certificateInterval = time.Minute

// certificate is a pair of files, read anew when one of them changes.
type certificate struct {
	certificateFile, keyFile string
	now                      func() time.Time
	log                      *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	read    version
	checked time.Time
}

// version tells states of the two files apart.
type version struct {
	certificateTime, keyTime time.Time
	certificateSize, keySize int64
}

func newCertificate(s Socket) (*certificate, error) {
	c := &certificate{certificateFile: s.CertificateFile, keyFile: s.KeyFile, now: s.Now, log: s.Log}
	if c.now == nil {
		c.now = time.Now
	}

	c.checked = c.now()
	if err := c.refresh(); err != nil {
		return nil, err
	}

	return c, nil
}

// get returns the certificate for a handshake. While the files are unreadable or no pair, as they are for a moment
// when they are replaced one after the other, it returns the one that was read last, and logs why.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.checked) >= certificateInterval {
		c.checked = now
		if err := c.refresh(); err != nil {
			c.log.Error("the TLS certificate was not renewed", "error", err)
		}
	}

	return c.pair, nil
}

// refresh reads the files if they have changed since they were read last. It looks at their times before it reads, so
// that the next refresh sees a change in between.
func (c *certificate) refresh() error {
	found, err := c.find()
	if err != nil || found == c.read {
		return err
	}

	pair, err := tls.LoadX509KeyPair(c.certificateFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("reading the TLS certificate %s with the key %s: %w", c.certificateFile, c.keyFile, err)
	}

	c.pair, c.read = &pair, found
	return nil
}

func (c *certificate) find() (version, error) {
	certificate, err := os.Stat(c.certificateFile)
	if err != nil {
		return version{}, fmt.Errorf("looking for the TLS certificate: %w", err)
	}

	key, err := os.Stat(c.keyFile)
	if err != nil {
		return version{}, fmt.Errorf("looking for the TLS key: %w", err)
	}

	return version{certificate.ModTime(), key.ModTime(), certificate.Size(), key.Size()}, nil
}
