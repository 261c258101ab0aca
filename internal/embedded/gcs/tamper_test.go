package gcs_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// notAsSigned are the ways to send another request than the one that was signed.
var notAsSigned = map[string]struct {
	change func(*http.Request)
	status int
	code   string
}{
	"method": {func(req *http.Request) { req.Method = http.MethodGet }, 403, "SignatureDoesNotMatch"},
	"post":   {func(req *http.Request) { req.Method = http.MethodPost }, 403, "SignatureDoesNotMatch"},
	"other name": {func(req *http.Request) { req.URL.Path = "/" + bucket + "/staging/two" }, 403,
		"SignatureDoesNotMatch"},
	"longer name": {func(req *http.Request) { req.URL.Path += "/" }, 403, "SignatureDoesNotMatch"},
	"other bucket": {func(req *http.Request) { req.URL.Path = "/other-bucket/staging/one" }, 403,
		"SignatureDoesNotMatch"},
	"other host": {func(req *http.Request) { req.Host = "localhost" }, 403, "SignatureDoesNotMatch"},
	"type":       {header("Content-Type", "text/html"), 403, "SignatureDoesNotMatch"},
	"no type":    {func(req *http.Request) { req.Header.Del("Content-Type") }, 400, "MalformedSecurityHeader"},
	"type twice": {func(req *http.Request) { req.Header.Add("Content-Type", "text/plain") }, 400,
		"MalformedSecurityHeader"},
	"wider range": {header("x-goog-content-length-range", "0,99"), 403, "SignatureDoesNotMatch"},
	"no precondition": {func(req *http.Request) { req.Header.Del("x-goog-if-generation-match") }, 400,
		"MalformedSecurityHeader"},
	"unsigned x-goog-": {header("x-goog-acl", "public-read"), 400, "MalformedSecurityHeader"},
	"unsigned meta":    {header("x-goog-meta-a", "b"), 400, "MalformedSecurityHeader"},
	"longer":           {body("0123456789a", 11), 400, "EntityTooLarge"},
	"longer, chunked":  {body("0123456789a", -1), 400, "EntityTooLarge"},
	"shorter":          {body("0", 1), 400, "EntityTooSmall"},
	"shorter, chunked": {body("0", -1), 400, "EntityTooSmall"},
	"added parameter":  {set("generation", "1"), 403, "SignatureDoesNotMatch"},
	"repeated key": {query(func(q url.Values) { q.Add("X-Goog-Date", q.Get("X-Goog-Date")) }), 400,
		"InvalidArgument"},
	"broken query":     {func(req *http.Request) { req.URL.RawQuery += "&%zz" }, 400, "InvalidArgument"},
	"later expiry":     {set("X-Goog-Expires", "7200"), 403, "SignatureDoesNotMatch"},
	"expiry too far":   {set("X-Goog-Expires", "604801"), 400, "MalformedSecurityHeader"},
	"expiry of zero":   {set("X-Goog-Expires", "0"), 400, "MalformedSecurityHeader"},
	"expiry with plus": {set("X-Goog-Expires", "+3600"), 400, "MalformedSecurityHeader"},
	"algorithm":        {set("X-Goog-Algorithm", "GOOG4-HMAC-SHA256"), 400, "MalformedSecurityHeader"},
	"no algorithm":     {query(func(q url.Values) { q.Del("X-Goog-Algorithm") }), 400, "MalformedSecurityHeader"},
	"date":             {set("X-Goog-Date", "yesterday"), 400, "MalformedSecurityHeader"},
	"other date":       {set("X-Goog-Date", "20000101T000000Z"), 400, "MalformedSecurityHeader"},
	"scope": {set("X-Goog-Credential", email+"/20000101/auto/storage/goog4_request"), 400,
		"MalformedSecurityHeader"},
	"service": {set("X-Goog-Credential", email+"/20000101/auto/s3/aws4_request"), 400,
		"MalformedSecurityHeader"},
	"no host signed":   {set("X-Goog-SignedHeaders", "content-type"), 400, "MalformedSecurityHeader"},
	"unsorted headers": {set("X-Goog-SignedHeaders", "host;content-type"), 400, "MalformedSecurityHeader"},
	"fewer headers":    {set("X-Goog-SignedHeaders", "host"), 400, "MalformedSecurityHeader"},
	"signature":        {set("X-Goog-Signature", strings.Repeat("00", 256)), 403, "SignatureDoesNotMatch"},
	"empty signature":  {set("X-Goog-Signature", ""), 403, "SignatureDoesNotMatch"},
	"not hexadecimal":  {set("X-Goog-Signature", "zz"), 400, "MalformedSecurityHeader"},
	"no signature": {query(func(q url.Values) { q.Del("X-Goog-Signature"); q.Del("X-Goog-Algorithm") }), 401,
		"AuthenticationRequired"},
}

func header(name, value string) func(*http.Request) {
	return func(req *http.Request) { req.Header.Set(name, value) }
}

func body(content string, length int64) func(*http.Request) {
	return func(req *http.Request) {
		req.Body, req.ContentLength, req.GetBody = io.NopCloser(strings.NewReader(content)), length, nil
	}
}

func query(change func(url.Values)) func(*http.Request) {
	return func(req *http.Request) {
		q := req.URL.Query()
		change(q)
		req.URL.RawQuery = q.Encode()
	}
}

func set(name, value string) func(*http.Request) {
	return query(func(q url.Values) { q.Set(name, value) })
}
