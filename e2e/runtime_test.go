package e2e

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/provenanceone/data-api/internal/seal"
)

// runtime is a workflow runtime, with the private half of its key.
type runtime struct {
	id      string
	private []byte
}

func newRuntime() (r runtime, public []byte) {
	pair, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return runtime{private: pair.Bytes()}, pair.PublicKey().Bytes()
}

// open returns the values and the token of an answer of injectSecrets, as the schema says that they are sealed.
func (r runtime) open(a answer) (values []string, token string, err error) {
	info := seal.Info{Purpose: seal.Lease, ID: a.text("data", "injectSecrets", "leaseId")}
	raw, err := r.unseal(info, a.text("data", "injectSecrets", "sealedToken"))
	if err != nil {
		return nil, "", err
	}
	secrets, _ := a.at("data", "injectSecrets", "secrets").([]any)
	for _, s := range secrets {
		one, _ := s.(map[string]any)
		version, _ := one["version"].(float64)
		at := answer{tree: one}
		info.SecretID, info.Version, info.Field = at.text("secretId"), int(version), at.text("field")
		plain, err := r.unseal(info, at.text("sealed"))
		if err != nil {
			return nil, "", err
		}
		values = append(values, string(plain))
	}
	return values, base64.StdEncoding.EncodeToString(raw), nil
}

func (r runtime) unseal(info seal.Info, sealed string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, err
	}
	return seal.Open(r.private, info, raw)
}

func (s *scenario) makeRuntime(_ *testscript.TestScript, _ []string) {
	r, public := newRuntime()
	s.opens = r
	s.keep("PUBLIC", base64.StdEncoding.EncodeToString(public))
}

func (s *scenario) referTo(_ *testscript.TestScript, args []string) { s.refer(args[0], args[1:]...) }

func (s *scenario) unseal(ts *testscript.TestScript, _ []string) {
	values, token, err := s.opens.open(s.last)
	ts.Check(err)
	s.canaries.note(token)
	s.keep("TOKEN", token)
	for _, v := range values {
		_, err := fmt.Fprintln(ts.Stdout(), s.mask(v))
		ts.Check(err)
	}
}
