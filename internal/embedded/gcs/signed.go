package gcs

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm      = "GOOG4-RSA-SHA256"
	stampFormat    = "20060102T150405Z"
	maxExpiry      = 604800
	clockTolerance = 15 * time.Minute
)

// claim is what the query of a signed request says of its signature.
type claim struct {
	account, scope string
	stamp          string
	signedAt       time.Time
	expiresAt      time.Time
	// signed are the names of the signed headers, sorted, in lower case.
	signed    []string
	signature string
	// query is the whole query but the signature.
	query url.Values
}

// isSigned reports whether a request means to be judged by a signature.
func isSigned(rawQuery string) bool {
	return strings.Contains(strings.ToLower(rawQuery), "x-goog-signature=") ||
		strings.Contains(strings.ToLower(rawQuery), "x-goog-algorithm=")
}

// claimOf reads the signature's parameters, each of them exactly once.
func claimOf(rawQuery string) (c claim, err error) {
	if c.query, err = singleValues(rawQuery); err != nil {
		return c, err
	}

	if c.query.Get("X-Goog-Algorithm") != algorithm {
		return c, errMalformedSecurity.about("X-Goog-Algorithm", "The algorithm is "+algorithm+".")
	}

	c.stamp = c.query.Get("X-Goog-Date")
	if c.signedAt, err = time.Parse(stampFormat, c.stamp); err != nil || c.signedAt.Format(stampFormat) != c.stamp {
		return c, errMalformedSecurity.about("X-Goog-Date", "A date is like 20060102T150405Z.")
	}

	if err := c.readCredential(c.query.Get("X-Goog-Credential")); err != nil {
		return c, err
	}

	if err := c.readExpiry(c.query.Get("X-Goog-Expires")); err != nil {
		return c, err
	}

	if err := c.readSigned(c.query.Get("X-Goog-SignedHeaders")); err != nil {
		return c, err
	}

	c.signature = c.query.Get("X-Goog-Signature")
	c.query.Del("X-Goog-Signature")
	return c, nil
}

// singleValues refuses a key that occurs twice: which of the two was signed would be a matter of opinion.
func singleValues(rawQuery string) (url.Values, error) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, errInvalidArgument.because("The query cannot be read.")
	}

	for key, values := range query {
		if len(values) > 1 {
			return nil, errInvalidArgument.about(key, "A query parameter was given twice.")
		}
	}

	return query, nil
}

var location = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// readCredential splits ACCOUNT/DATE/LOCATION/storage/goog4_request.
func (c *claim) readCredential(credential string) error {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[0] == "" || !location.MatchString(parts[2]) || parts[3] != "storage" ||
		parts[4] != "goog4_request" {
		return errMalformedSecurity.about("X-Goog-Credential",
			"A credential is ACCOUNT/DATE/LOCATION/storage/goog4_request.")
	}

	if parts[1] != c.signedAt.Format("20060102") {
		return errMalformedSecurity.about("X-Goog-Credential", "The date of the credential is not that of X-Goog-Date.")
	}

	c.account, c.scope = parts[0], strings.Join(parts[1:], "/")
	return nil
}

func (c *claim) readExpiry(expires string) error {
	seconds, err := strconv.Atoi(expires)
	if err != nil || seconds < 1 || seconds > maxExpiry || strconv.Itoa(seconds) != expires {
		return errMalformedSecurity.about("X-Goog-Expires", "An expiry is 1 to 604800 seconds.")
	}

	c.expiresAt = c.signedAt.Add(time.Duration(seconds) * time.Second)
	return nil
}

func (c *claim) readSigned(names string) error {
	c.signed = strings.Split(names, ";")
	sorted := slices.IsSorted(c.signed) && len(slices.Compact(slices.Clone(c.signed))) == len(c.signed)
	if !sorted || names != strings.ToLower(names) || !slices.Contains(c.signed, "host") ||
		slices.Contains(c.signed, "") {
		return errMalformedSecurity.about("X-Goog-SignedHeaders",
			"Signed headers are sorted, in lower case, each once, with host among them.")
	}

	return nil
}

// inTime checks the claim against the clock.
func (c *claim) inTime(now time.Time) error {
	if !now.Before(c.expiresAt) {
		return errExpiredToken.because("Request signature expired at: " + c.expiresAt.Format(time.RFC3339))
	}

	if c.signedAt.Sub(now) > clockTolerance {
		return errTimeSkewed
	}

	return nil
}

// covers checks that every signed header was sent once, and that every x-goog- header that was sent is signed.
func (c *claim) covers(r *http.Request) error {
	for _, name := range c.signed {
		if name != "host" && name != "content-length" && len(r.Header.Values(name)) != 1 {
			return errMalformedSecurity.about(name, "Header was included in signedheaders, but not once in the "+
				"request.")
		}
	}

	for name := range r.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-goog-") && !slices.Contains(c.signed, lower) {
			return errMalformedSecurity.about(lower, "Header was in the request, but not included in signedheaders.")
		}
	}

	return nil
}
