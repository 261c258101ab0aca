package ratelimit

import (
	"net/http"
	"strconv"
)

// SetHeaders says in the headers of an answer what a caller may spend, and has left. Without a limit it says nothing.
//
// Units:  points; seconds until all of them are there.
// Source: draft-ietf-httpapi-ratelimit-headers.
func (b Balance) SetHeaders(h http.Header) {
	if b.PerMinute == 0 {
		return
	}

	h.Set("RateLimit-Policy", `"principal";q=`+strconv.Itoa(b.PerMinute)+`;w=60`)
	h.Set("RateLimit", `"principal";r=`+strconv.Itoa(b.Left)+`;t=`+strconv.Itoa(Seconds(b.Full)))
}
