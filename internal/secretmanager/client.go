package secretmanager

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"time"

	api "cloud.google.com/go/secretmanager/apiv1"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/trace"
)

// maxAttempts is how often an idempotent call is made at most, the first time included.
const maxAttempts = 3

// reconnect tries a lost connection again every two seconds at the latest; the default would wait up to two minutes.
var reconnect = grpc.WithConnectParams(grpc.ConnectParams{
	Backoff: backoff.Config{
		BaseDelay:  100 * time.Millisecond,
		Multiplier: 1.6,
		Jitter:     0.2,
		MaxDelay:   2 * time.Second,
	},
	MinConnectTimeout: 2 * time.Second,
})

// endpointOf returns the endpoint that keeps the data of a location in it.
//
// Source: Google Secret Manager, "Regional secrets".
func endpointOf(location string) string {
	return fmt.Sprintf("secretmanager.%s.rep.googleapis.com:443", location)
}

// dial returns a client of one location, which is reached through the breaker.
//
// The client logs whole payloads when GOOGLE_SDK_GO_LOGGING_LEVEL says debug, unless it is given a logger.
func dial(ctx context.Context, o Options, location string, b *breaker.Breaker) (*api.Client, error) {
	there := grpc.WithChainUnaryInterceptor(whileThere(b), o.observe)
	silent := option.WithLogger(slog.New(slog.DiscardHandler))
	endpoint := []option.ClientOption{silent, option.WithEndpoint(endpointOf(location)),
		option.WithGRPCDialOption(reconnect), option.WithGRPCDialOption(there)}
	if o.Endpoint != "" {
		conn, err := grpc.NewClient(o.Endpoint, reconnect, there,
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithPerRPCCredentials(bearer(o.Bearer)))
		if err != nil {
			return nil, err
		}

		endpoint = []option.ClientOption{silent, option.WithGRPCConn(conn)}
	}

	c, err := api.NewClient(ctx, endpoint...)
	if err != nil {
		return nil, err
	}

	c.CallOptions = callOptions()
	return c, nil
}

// whileThere makes calls while Secret Manager is there.
func whileThere(b *breaker.Breaker) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker,
		opts ...grpc.CallOption,
	) error {
		return b.Do(ctx, func() (failed bool, err error) {
			err = invoke(ctx, method, req, reply, conn, opts...)
			return hasFailed(err), err
		})
	}
}

// hasFailed reports whether Secret Manager did not answer, or answered that it cannot: not that it will not.
func hasFailed(err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Internal, codes.Unknown, codes.DataLoss:
		return true
	default:
		return false
	}
}

// observe is an interceptor that tells how each RPC ended, and has a span of it.
func (o Options) observe(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, next grpc.UnaryInvoker,
	options ...grpc.CallOption,
) error {
	from := time.Now()
	span := trace.From(ctx).Call("secretmanager")
	err := next(ctx, method, request, reply, conn, options...)
	method, outcome := path.Base(method), status.Code(err).String()
	span.Called("secretmanager", method, outcome, hasFailed(err))
	if o.Observe != nil {
		o.Observe(method, outcome, time.Since(from))
	}

	return err
}

// callOptions replace the library's: its timeouts are 60 s and its first retry comes after two. The deadline is each
// call's own.
func callOptions() *api.CallOptions {
	again := []gax.CallOption{gax.WithRetry(newRetry)}
	return &api.CallOptions{
		CreateSecret:         again,
		AccessSecretVersion:  again,
		GetSecretVersion:     again,
		DestroySecretVersion: again,
		DeleteSecret:         again,
		GetSecret:            again,
		UpdateSecret:         again,
		ListSecrets:          again,
		ListSecretVersions:   again,
		AddSecretVersion:     nil, // each call adds one more
	}
}

// retry allows an idempotent call again while Secret Manager is not there, after a random pause of at most 400 ms.
type retry struct {
	made    int
	backoff gax.Backoff
}

func newRetry() gax.Retryer {
	return &retry{backoff: gax.Backoff{Initial: 100 * time.Millisecond, Max: 400 * time.Millisecond, Multiplier: 2}}
}

// Retry implements gax.Retryer.
func (r *retry) Retry(err error) (time.Duration, bool) {
	r.made++
	return r.backoff.Pause(), r.made < maxAttempts && status.Code(err) == codes.Unavailable
}

// bearer authorises each call to an emulator.
type bearer string

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

// RequireTransportSecurity is false: New lets loopback endpoints through only.
func (bearer) RequireTransportSecurity() bool { return false }
