package secretmanager

import (
	"regexp"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
)

const maxLabels, maxAnnotationBytes = 64, 16 << 10

var (
	labelKeyShape   = regexp.MustCompile(`^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$`)
	labelValueShape = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$`)
	annotationShape = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?$`)
)

func checkCreate(req *secretmanagerpb.CreateSecretRequest) error {
	if err := checkParent(req.GetParent()); err != nil {
		return err
	}

	if !idShape.MatchString(req.GetSecretId()) {
		return refuse(codes.InvalidArgument, "The provided Secret ID [%s] does not match the expected format "+
			"[[a-zA-Z_0-9]+].", req.GetSecretId())
	}

	switch s := req.GetSecret(); {
	case s == nil:
		return refuse(codes.InvalidArgument, "Secret must be provided.")
	case s.GetReplication() != nil:
		return refuse(codes.InvalidArgument, "Replication must not be set on a regional secret.")
	default:
		return checkFields(s)
	}
}

func checkUpdate(req *secretmanagerpb.UpdateSecretRequest) error {
	paths := req.GetUpdateMask().GetPaths()
	if len(paths) == 0 {
		return refuse(codes.InvalidArgument, "An update mask must be provided.")
	}

	for _, path := range paths {
		if path != "annotations" {
			return refuse(codes.InvalidArgument, "The field [%s] is immutable, or not changed by this emulator.", path)
		}
	}

	if err := checkSecret(req.GetSecret().GetName()); err != nil {
		return err
	}

	return checkFields(req.GetSecret())
}

// checkFields refuses what this emulator would otherwise forget silently, and what Google refuses.
func checkFields(s *secretmanagerpb.Secret) error {
	if s.GetExpiration() != nil || s.GetRotation() != nil || len(s.GetTopics()) > 0 || len(s.GetTags()) > 0 ||
		len(s.GetVersionAliases()) > 0 || s.GetVersionDestroyTtl() != nil ||
		s.GetCustomerManagedEncryption() != nil || s.GetSecretType() != 0 {
		return refuse(codes.Unimplemented, "This emulator keeps no expiry, rotation, topics, tags, version aliases, "+
			"delayed destruction, customer-managed encryption or secret type.")
	}

	if err := checkLabels(s.GetLabels()); err != nil {
		return err
	}

	return checkAnnotations(s.GetAnnotations())
}

func checkLabels(labels map[string]string) error {
	ok := len(labels) <= maxLabels
	for k, v := range labels {
		ok = ok && labelKeyShape.MatchString(k) && labelValueShape.MatchString(v) && max(len(k), len(v)) <= 128
	}

	if !ok {
		return refuse(codes.InvalidArgument, "The provided labels are not valid.")
	}

	return nil
}

func checkAnnotations(annotations map[string]string) error {
	size, ok := 0, true
	for k, v := range annotations {
		size += len(k) + len(v)
		ok = ok && annotationShape.MatchString(k)
	}

	if !ok || size >= maxAnnotationBytes {
		return refuse(codes.InvalidArgument, "The provided annotations are not valid.")
	}

	return nil
}
