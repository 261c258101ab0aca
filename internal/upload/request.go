package upload

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

const (
	defaultMaxBytes  = 100 << 20
	maxMetadataBytes = 8 << 10
	maxExponent      = 308 // as that of a double
)

// Request asks for a URL to PUT one file to.
type Request struct {
	DatastoreID datastore.ID
	Key         string
	ContentType string
	// MaxBytes defaults to 100 MiB, or the datastore's or the deployment's limit if that is less.
	MaxBytes  *int64
	MD5       *string
	IfVersion *int32
	TTL       time.Duration
	Metadata  map[string]any
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// check returns fault.Invalid naming the first field at fault; most is the deployment's limit in bytes.
func (r Request) check(most int64) error {
	if err := object.CheckKey(r.Key); err != nil {
		return err
	}
	if err := object.CheckTTL(r.TTL); err != nil {
		return err
	}
	switch {
	case !isMediaType(r.ContentType):
		return fault.Field(fault.Invalid, "contentType", "A content type is a media type of at most 255 characters, for example text/csv.")
	case r.MaxBytes != nil && (*r.MaxBytes < 1 || *r.MaxBytes > most):
		return fault.Field(fault.Invalid, "maxBytes", "A file has 1 to %d bytes here.", most).With("limitBytes", most)
	case r.MD5 != nil && !isMD5(*r.MD5):
		return fault.Field(fault.Invalid, "md5", "An MD5 is base64 of 16 bytes.")
	case r.IfVersion != nil && *r.IfVersion < 0:
		return fault.Field(fault.Invalid, "ifVersion", "A version counts from 1; 0 means that the key must be new.")
	}
	return checkMetadata(r.Metadata)
}

// under returns the request with its MaxBytes, if the datastore takes it. Errors: fault.Invalid naming `contentType` or `maxBytes`.
func (r Request) under(p datastore.Policy, most int64) (Request, error) {
	if !p.Takes(r.ContentType) {
		return r, object.NotTaken("contentType", p)
	}
	if r.MaxBytes == nil {
		bytes := min(defaultMaxBytes, most)
		if p.MaxObjectBytes != nil {
			bytes = min(bytes, *p.MaxObjectBytes)
		}
		r.MaxBytes = &bytes
	}
	if !p.Fits(*r.MaxBytes) {
		return r, object.TooLarge("maxBytes", p)
	}
	return r, nil
}

func isMediaType(s string) bool {
	if len(s) > 255 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return false
	}
	name, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Count(name, "/") == 1 && strings.TrimSpace(s) == s
}

func isMD5(s string) bool {
	sum, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(sum) == 16 && base64.StdEncoding.EncodeToString(sum) == s // the decoder skips line breaks
}

func checkMetadata(m map[string]any) error {
	raw, err := json.Marshal(m)
	if err != nil || len(raw) > maxMetadataBytes {
		return fault.Field(fault.Invalid, "metadata", "Metadata has at most %d bytes as JSON.", maxMetadataBytes)
	}
	if !hasGoodNumbers(m) {
		return fault.Field(fault.Invalid, "metadata", "A number in metadata has an exponent from -%d to %[1]d.", maxExponent)
	}
	return nil
}

// hasGoodNumbers reports that no number is far longer written out, as the database does, than as it was sent.
func hasGoodNumbers(v any) bool {
	switch v := v.(type) {
	case json.Number:
		_, exponent, found := strings.Cut(strings.ToLower(v.String()), "e")
		n, err := strconv.Atoi(exponent)
		return !found || err == nil && -maxExponent <= n && n <= maxExponent
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(v)), func(v any) bool { return !hasGoodNumbers(v) })
	case []any:
		return !slices.ContainsFunc(v, func(v any) bool { return !hasGoodNumbers(v) })
	}
	return true
}
