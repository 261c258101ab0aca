package config

import (
	"errors"
	"time"
)

// Requests bound what callers may ask of this server, and how long it may take.
type Requests struct {
	PointsPerMinute int `name:"max-points-per-minute" default:"1200000" help:"Points that a person or a key may spend within a minute on this server, 0 for any number (${default})."`
	Cost            int `name:"max-cost" default:"2000" help:"Points that an operation may cost (${default})."`

	DocumentBytes      int `name:"max-document-bytes" default:"65536" help:"Bytes of a document (${default})."`
	DocumentTokens     int `name:"max-document-tokens" default:"1000" help:"Tokens of a document (${default})."`
	RootFields         int `name:"max-root-fields" default:"20" help:"Root fields of an operation (${default})."`
	Aliases            int `name:"max-aliases" default:"30" help:"Aliases of a document (${default})."`
	Depth              int `name:"max-depth" default:"12" help:"Levels of fields (${default})."`
	IntrospectionDepth int `name:"max-introspection-depth" default:"15" help:"Levels of fields of an introspection (${default})."`
	Directives         int `name:"max-directives" default:"50" help:"Directives of a document (${default})."`
	Fragments          int `name:"max-fragments" default:"50" help:"Fragments of a document (${default})."`

	FailedCredentials int           `name:"max-failed-credentials" default:"20" help:"Bad credentials from an address within a minute before more of them wait and are refused (${default})."`
	RequestTime       time.Duration `name:"max-request-time" default:"10s" help:"How long a request may take (${default})."`
	HeaderTime        time.Duration `name:"max-header-time" default:"5s" help:"How long the headers of a request may take to arrive (${default})."`
	BodyTime          time.Duration `name:"max-body-time" default:"15s" help:"How long headers and body of a request may take to arrive (${default})."`
	IdleTime          time.Duration `name:"max-idle-time" default:"60s" help:"How long a connection may wait for the next request; longer than the proxy in front keeps one (${default})."`
	HeaderBytes       int           `name:"max-header-bytes" default:"32768" help:"Bytes of the headers of a request (${default})."`

	SocketOperations int           `name:"max-socket-operations" default:"20" help:"Operations that run at once on a WebSocket (${default})."`
	SocketInitTime   time.Duration `name:"max-socket-init-time" default:"5s" help:"How long a WebSocket may take to say who it is (${default})."`
}

// bound is what a setting may be.
type bound[T int | time.Duration] struct {
	flag            string
	is, least, most T
}

func (b bound[T]) check() error {
	if b.is < b.least || b.is > b.most {
		return bad(b.flag, "must be %v to %v", b.least, b.most)
	}

	return nil
}

// check holds what is counted to a few times its default: what a document may hold costs the server time to refuse it.
func (r Requests) check() error {
	var errs []error
	for _, b := range []bound[int]{
		{"--max-cost", r.Cost, leastCost, 5 * leastCost},
		{"--max-document-bytes", r.DocumentBytes, 8 << 10, 256 << 10},
		{"--max-document-tokens", r.DocumentTokens, 500, 5000},
		{"--max-root-fields", r.RootFields, 5, 100},
		{"--max-aliases", r.Aliases, 10, 150},
		{"--max-depth", r.Depth, 8, 50},
		{"--max-introspection-depth", r.IntrospectionDepth, 1, 50},
		{"--max-directives", r.Directives, 10, 250},
		{"--max-fragments", r.Fragments, 10, 250},
		{"--max-failed-credentials", r.FailedCredentials, 1, 1000},
		{"--max-header-bytes", r.HeaderBytes, 20 << 10, 1 << 20},
		{"--max-socket-operations", r.SocketOperations, 1, 100},
	} {
		errs = append(errs, b.check())
	}

	return errors.Join(append(errs, r.checkPoints(), r.checkTimes())...)
}

// leastCost is what it costs to inject 100 values of 64 KiB.
const leastCost = 2000

// mostPoints is more than any server can give.
const mostPoints = 1_000_000_000

func (r Requests) checkPoints() error {
	if n := r.PointsPerMinute; n != 0 && (n < r.Cost || n > mostPoints) {
		return bad("--max-points-per-minute", "must be 0, for no limit, or --max-cost, which is %d, to %d", r.Cost,
			mostPoints)
	}

	return nil
}

func (r Requests) checkTimes() error {
	var errs []error
	for _, b := range []bound[time.Duration]{
		// A server that stops gives requests ten seconds.
		{"--max-request-time", r.RequestTime, time.Second, 10 * time.Second},
		{"--max-header-time", r.HeaderTime, time.Second, time.Minute},
		{"--max-body-time", r.BodyTime, r.HeaderTime, 5 * time.Minute},
		{"--max-idle-time", r.IdleTime, time.Second, time.Hour},
		{"--max-socket-init-time", r.SocketInitTime, time.Second, time.Minute},
	} {
		errs = append(errs, b.check())
	}

	return errors.Join(errs...)
}
