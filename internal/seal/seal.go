// Package seal seals values to a public key, so that only the holder of the private key reads them: RFC 9180 in base
// mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305. It knows nothing of the product but how
// the parts of an Info are named.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// KeyBytes is the length of a public or private key.
const KeyBytes = 32

// Overhead is how much longer a sealed value is than the value: the encapsulated key in front, the tag at the end.
const Overhead = KeyBytes + 16

const domain = "provenanceone/data-api/v1"

// The purposes of a sealed value.
const (
	Lease  = "lease"
	Reveal = "reveal"
)

// ErrKey says that a key is none, or one with which anybody could open what is sealed.
var ErrKey = errors.New("seal: no X25519 key that something can be sealed to")

// ErrOpen says that something was not sealed to this key with this Info, or was changed since.
var ErrOpen = errors.New("seal: cannot be opened")

// Info is what a sealed value is: opening it with any other Info fails, so that one value cannot be passed off as
// another.
type Info struct {
	// Purpose is Lease or Reveal.
	Purpose string
	// ID is the lease's, or that of the reveal's audit event.
	ID string
	// SecretID, Version and Field are empty for a lease's token.
	SecretID string
	// Version counts from 1; 0 is none.
	Version int
	// Field is the name of the one field of a JSON secret; empty for the whole value.
	Field string
}

// Bytes is the info of RFC 9180: the parts in order, each preceded by its length in two bytes, big-endian.
//
// Errors: one if a part is longer than 65,535 bytes.
func (i Info) Bytes() ([]byte, error) {
	version := ""
	if i.Version != 0 {
		version = strconv.Itoa(i.Version)
	}

	var all []byte
	for _, part := range []string{domain, i.Purpose, i.ID, i.SecretID, version, i.Field} {
		if len(part) > math.MaxUint16 {
			return nil, fmt.Errorf("seal: a part of the info has %d bytes", len(part))
		}

		all = append(binary.BigEndian.AppendUint16(all, uint16(len(part))), //nolint:gosec // its length was checked
			part...)
	}

	return all, nil
}

// CheckKey returns ErrKey unless a value can be sealed to the public key: 32 bytes, and no point of low order, to
// which all secrets are alike.
func CheckKey(public []byte) error {
	key, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return ErrKey
	}

	// The outcome with a point of low order is zero, whatever the private key, and so is refused.
	probe, err := ecdh.X25519().NewPrivateKey(append(make([]byte, KeyBytes-1), 1))
	if err != nil {
		return err
	}

	if _, err := probe.ECDH(key); err != nil {
		return ErrKey
	}

	return nil
}

// Seal returns the encapsulated key followed by the ciphertext. The same value sealed twice looks like two.
//
// It does not look at the key first: agreement on a secret with a point of low order fails by itself, and to try that
// as CheckKey does costs as much as the sealing.
//
// Errors: ErrKey; one if a part of info is too long.
func Seal(public []byte, info Info, plain []byte) ([]byte, error) {
	about, err := info.Bytes()
	if err != nil {
		return nil, err
	}

	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, ErrKey
	}

	sealed, err := hpke.Seal(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), about, plain)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}

	return sealed, nil
}

// Open returns what was sealed to the key with the same info.
//
// Errors: ErrKey for a private key that is none; ErrOpen; one if a part of info is too long.
func Open(private []byte, info Info, sealed []byte) ([]byte, error) {
	about, err := info.Bytes()
	if err != nil {
		return nil, err
	}

	key, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(private)
	if err != nil {
		return nil, ErrKey
	}

	plain, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), about, sealed)
	if err != nil {
		return nil, ErrOpen
	}

	return plain, nil
}
