package httpserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"time"
)

// Socket is where to listen, and how.
type Socket struct {
	// Address is HOST:PORT.
	Address string
	// CertificateFile and KeyFile are PEM files, for HTTPS; plain HTTP without them.
	CertificateFile, KeyFile string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// Listen returns a listener for Run. With a certificate it speaks TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2; a certificate
// that changes on disk is used within a minute, without a restart.
//
// Errors: an address that cannot be listened on; files that cannot be read, or are no pair.
func Listen(ctx context.Context, s Socket) (net.Listener, error) {
	var current *certificate
	if s.CertificateFile != "" {
		var err error
		if current, err = newCertificate(s); err != nil {
			return nil, err
		}
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Address)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}

	if current == nil {
		return listener, nil
	}

	return tls.NewListener(listener, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: current.get,
	}), nil
}
