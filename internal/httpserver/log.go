package httpserver

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/outcome"
	"github.com/provenanceone/data-api/internal/ratelimit"
	"github.com/provenanceone/data-api/internal/trace"
)

// entry collects what the access log shows of a request: never a query string, header or body, and of the document only
// names of the contract.
type entry struct {
	route string
	// actor is the owner of the credential, good or not; zero for none.
	actor authz.Who
	// workspace is the one that the request was bound to; empty for none.
	workspace authz.WorkspaceID
	status    int
	bytes     int64
	// rate has what the caller, by the name that shares know, may spend; nil for nobody.
	rate   *ratelimit.Limiter
	caller string
}

type entryKey struct{}

// entryFrom returns the entry of a request; outside of a request, an entry that nobody reads.
func entryFrom(ctx context.Context) *entry {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		return e
	}

	return &entry{}
}

// withAccessLog logs a line for each request when it ends, with the address that it came from, whether or not the
// request was authenticated, and tells o.Observe of it unless it became a socket. Its trace ends with the line.
func withAccessLog(o Options, from *proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, e, caller := o.Now(), &entry{route: "none"}, from.caller(r)
		ctx, became := outcome.New(context.WithValue(r.Context(), entryKey{}, e))
		ctx, span, traceID := o.Tracer.Request(ctx, r.Header, caller)
		defer func() {
			took := o.Now().Sub(start)
			if e.status != http.StatusSwitchingProtocols {
				o.Observe(became.Operation(), became.Code(), became.Limit(), took)
			}

			end(span, methodLabel(r.Method), e, became.Code())
			o.Log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("requestId", RequestID(ctx)),
				slog.String("traceId", traceID),
				slog.String("method", methodLabel(r.Method)), slog.String("route", e.route),
				slog.Int("status", e.status), slog.String("operation", became.Operation()),
				slog.String("code", became.Code()), slog.Int64("bytes", e.bytes),
				outcome.Milliseconds(took), slog.String("ip", addressText(caller)),
				slog.String("workspaceId", e.workspace.String()), slog.String("actorKind", string(e.actor.Kind)),
				slog.String("actorId", e.actor.PrincipalID), slog.String("callersRequestId", callerRequestID(ctx)))
		}()
		next.ServeHTTP(&recorder{ResponseWriter: w, entry: e}, r.WithContext(ctx))
	})
}

// end ends the span of a request, which bears the name of its route: the path has ids.
func end(span *trace.Span, method string, e *entry, code string) {
	if span == nil {
		return
	}

	span.Name(method + " " + e.route)
	span.Set("http.request.method", method)
	span.Set("http.route", e.route)
	span.SetNumber("http.response.status_code", e.status)
	span.Set("error.type", code)
	if e.status >= http.StatusInternalServerError {
		span.Fail(cmp.Or(code, strconv.Itoa(e.status)))
	}

	span.End()
}

// addressText is empty for a connection without an address.
func addressText(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}

	return address.String()
}

// methodLabel keeps words that callers make up out of the log.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}

	return "other"
}

// recorder notes the status and size of an answer, and says in its headers what is left of the caller's budget: once it
// begins, it is paid for.
type recorder struct {
	http.ResponseWriter
	*entry
}

func (w *recorder) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) begin(status int) {
	if w.status == 0 {
		w.status = status
		w.rate.Balance(w.caller).SetHeaders(w.Header())
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
