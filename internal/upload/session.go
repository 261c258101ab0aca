package upload

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// sessionLife is how long storage keeps a session.
const sessionLife = 7 * 24 * time.Hour

// SessionRule is what a session is bound to. Storage knows no longest body of one: settlement looks at it.
type SessionRule struct {
	ContentType string
	// MD5 is base64 of the only content that storage accepts; empty for any.
	MD5 string
	// Origin is whose pages may send parts; empty for those of none.
	Origin string
}

// sealer keeps URIs of sessions unreadable for whoever has the database alone, and ties each to its upload. It has the
// server's keys: the first seals, each opens.
type sealer [][]byte

// aeadOf one of the server's keys is made with a key of its own.
//
// Source: RFC 5869; NIST SP 800-38D with nonces of 96 random bits.
func aeadOf(server []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, server, nil, "data-api upload session v1", 32)
	if err != nil {
		return nil, err
	}

	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}

	return cipher.NewGCMWithRandomNonce(block)
}

func (s sealer) seal(of ID, uri string) ([]byte, error) {
	aead, err := aeadOf(s[0])
	if err != nil {
		return nil, fmt.Errorf("sealing a session: %w", err)
	}

	return aead.Seal(nil, nil, []byte(uri), //nolint:gosec // it makes a random nonce itself, and takes none
		[]byte(of.String())), nil
}

// open errors: fault.Unavailable if it was sealed with none of the keys, or for another upload.
func (s sealer) open(u Upload) (uri string, err error) {
	var errs []error
	for _, key := range s {
		aead, err := aeadOf(key)
		if err != nil {
			return "", fmt.Errorf("opening a session: %w", err)
		}

		plain, err := aead.Open(nil, nil, u.Session, []byte(u.ID.String()))
		if err == nil {
			return string(plain), nil
		}

		errs = append(errs, err)
	}

	return "", fault.New(fault.Unavailable, "The session of this upload cannot be told any more: cancel it, and "+
		"begin another one.").Because(errors.Join(errs...))
}

// openSession has storage open a session of the upload for pages of the origin, and seals its URI into the upload.
func (s *Service) openSession(ctx context.Context, a authz.Actor, origin *string, u *Upload) (SignedPut, error) {
	rule := SessionRule{ContentType: u.ContentType, MD5: u.md5()}
	if origin != nil {
		rule.Origin = *origin
	}

	uri, err := s.blobs.OpenSession(ctx, u.staged(a.Region), rule)
	if err != nil {
		return SignedPut{}, err
	}

	u.Session, err = s.sealer.seal(u.ID, uri)
	return SignedPut{URL: uri}, err
}

// endSession spares storage a session that nobody may use; one that stays ends by itself, and what it takes until then
// is swept.
func (s *Service) endSession(ctx context.Context, u Upload) {
	if u.Session == nil {
		return
	}

	uri, err := s.sealer.open(u)
	if err == nil {
		err = s.blobs.EndSession(context.WithoutCancel(ctx), uri)
	}

	if err != nil {
		s.log.WarnContext(ctx, "a session was not ended at storage", "upload", u.ID, "error", err)
	}
}

// isOrigin tells what browsers send as the origin of a page that others on the network cannot be.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.Contains(text, "*") {
		return false
	}

	if text != strings.ToLower(u.Scheme+"://"+u.Host) {
		return false
	}

	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return len(text) <= 255 &&
		(u.Scheme == "https" && u.Port() != "443" || u.Scheme == "http" && loopback && u.Port() != "80")
}
