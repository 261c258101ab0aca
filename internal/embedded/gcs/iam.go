package gcs

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"google.golang.org/api/iamcredentials/v1"
)

// iamRoot is where the IAM Service Account Credentials API answers, beside storage, and Pub/Sub.
const iamRoot = "/v1/"

// serveIAM answers projects/-/serviceAccounts/EMAIL:signBlob: a signature with the key that Google keeps for the
// account.
//
// Source: IAM Service Account Credentials API, "Method: serviceAccounts.signBlob".
func (s *Server) serveIAM(w http.ResponseWriter, r *http.Request, path []string) error {
	if err := s.authorize(r); err != nil {
		return err
	}

	if matches(path, "projects", "", "subscriptions", "") {
		return s.serveSubscription(w, r, path)
	}

	if !matches(path, "projects", "-", "serviceAccounts", "") {
		return errNotImplemented
	}

	account, called := strings.CutSuffix(path[3], ":signBlob")
	switch {
	case !called:
		return errNotImplemented
	case r.Method != http.MethodPost:
		return errMethodNotAllowed
	case s.opts.Signers[account] == nil:
		return errMayNotSign
	}

	var asked iamcredentials.SignBlobRequest
	if err := decode(r.Body, &asked); err != nil {
		return err
	}

	payload, err := base64.StdEncoding.DecodeString(asked.Payload)
	if err != nil || len(payload) == 0 {
		return errInvalidArgument.because("The payload is not in base64, or empty.")
	}

	return s.signBlob(w, account, payload)
}

func (s *Server) signBlob(w http.ResponseWriter, account string, payload []byte) error {
	key, err := s.store.managedKey(account)
	if err != nil {
		return err
	}

	sum := sha256.Sum256(payload)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK,
		iamcredentials.SignBlobResponse{KeyId: "managed", SignedBlob: base64.StdEncoding.EncodeToString(signature)})
}
