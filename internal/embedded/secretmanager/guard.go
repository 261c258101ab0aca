package secretmanager

import (
	"context"
	"errors"
	"log/slog"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// guard lets calls with the bearer in. It answers errors that are neither a refusal nor UNIMPLEMENTED with INTERNAL,
// and writes what they were into the log alone.
func (s *Server) guard(
	ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler,
) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if !s.knows(md.Get("authorization")) {
		return nil, status.Error(codes.Unauthenticated, "Request had invalid authentication credentials.")
	}

	var res any
	err := s.permit(info.FullMethod)
	if err == nil {
		res, err = handle(ctx, req)
	}

	switch refused := (refusal{}); {
	case errors.As(err, &refused):
		err = status.Error(refused.code, refused.text)
	case err != nil && status.Code(err) != codes.Unimplemented:
		s.log.ErrorContext(ctx, "secret manager: internal", "method", info.FullMethod, "err", err)
		err = status.Error(codes.Internal, "Internal error encountered.")
	}

	s.log.LogAttrs(ctx, slog.LevelDebug, "secret manager", slog.String("method", info.FullMethod),
		slog.String("code", status.Code(err).String()))
	if err != nil {
		return nil, err
	}

	return res, nil
}
