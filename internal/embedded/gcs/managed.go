package gcs

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

const managedBits = 2048

// managedKey returns the key that Google keeps for an account and shows nobody; it is made when it is first asked for,
// and kept.
func (s *store) managedKey(account string) (*rsa.PrivateKey, error) {
	if key, err := s.keptKey(account); key != nil || err != nil {
		return key, err
	}

	made, err := rsa.GenerateKey(rand.Reader, managedBits)
	if err != nil {
		return nil, fmt.Errorf("making a managed key: %w", err)
	}

	encoded, err := x509.MarshalPKCS8PrivateKey(made)
	if err != nil {
		return nil, fmt.Errorf("making a managed key: %w", err)
	}

	err = s.db.Update(func(tx *bolt.Tx) error {
		keys := tx.Bucket(managedKeysKey)
		if keys.Get([]byte(account)) != nil {
			return nil // somebody else was faster: theirs is the account's
		}

		return keys.Put([]byte(account), encoded)
	})
	if err != nil {
		return nil, fmt.Errorf("keeping a managed key: %w", err)
	}

	return s.keptKey(account)
}

// keptKey returns an account's managed key, or nil if none was made yet.
func (s *store) keptKey(account string) (key *rsa.PrivateKey, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		encoded := tx.Bucket(managedKeysKey).Get([]byte(account))
		if encoded == nil {
			return nil
		}

		parsed, err := x509.ParsePKCS8PrivateKey(encoded)
		if err != nil {
			return err
		}

		known, ok := parsed.(*rsa.PrivateKey)
		if !ok {
			return errors.New("it is no RSA key")
		}

		key = known
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading a managed key: %w", err)
	}

	return key, nil
}
