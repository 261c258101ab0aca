package gcs

import (
	"errors"
	"net/http"
)

// refusal is an answer that is not the one asked for, in the terms of both protocols.
type refusal struct {
	status int
	// code is the XML API's name of it, reason the JSON API's.
	code, reason string
	message      string
	// details and parameter are what the XML API adds.
	details, parameter string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

func (r refusal) because(details string) *refusal {
	r.details = details
	return &r
}

func (r refusal) about(parameter, details string) *refusal {
	r.parameter, r.details = parameter, details
	return &r
}

// The refusals, by the names that Google's reference of status codes gives them.
var (
	errNoSuchBucket = &refusal{
		status:  http.StatusNotFound,
		code:    "NoSuchBucket",
		reason:  "notFound",
		message: "The specified bucket does not exist.",
	}
	errNoSuchKey = &refusal{
		status:  http.StatusNotFound,
		code:    "NoSuchKey",
		reason:  "notFound",
		message: "The specified key does not exist.",
	}
	errNoSuchUpload = &refusal{
		status:  http.StatusNotFound,
		code:    "NoSuchUpload",
		reason:  "notFound",
		message: "The requested upload was not found.",
	}
	errBucketExists = &refusal{
		status:  http.StatusConflict,
		code:    "BucketAlreadyOwnedByYou",
		reason:  "conflict",
		message: "Your previous request to create the named bucket succeeded and you already own it.",
	}
	errPreconditionFailed = &refusal{
		status:  http.StatusPreconditionFailed,
		code:    "PreconditionFailed",
		reason:  "conditionNotMet",
		message: "At least one of the pre-conditions you specified did not hold.",
	}
	errNotModified = &refusal{
		status:  http.StatusNotModified,
		code:    "NotModified",
		reason:  "notModified",
		message: "The resource has not been modified.",
	}
	errInvalidArgument = &refusal{
		status:  http.StatusBadRequest,
		code:    "InvalidArgument",
		reason:  "invalid",
		message: "Invalid argument.",
	}
	errInvalidName = &refusal{
		status:  http.StatusBadRequest,
		code:    "InvalidObjectName",
		reason:  "invalid",
		message: "The specified object name is not valid.",
	}
	errInvalidBucketName = &refusal{
		status:  http.StatusBadRequest,
		code:    "InvalidBucketName",
		reason:  "invalid",
		message: "The specified bucket is not valid.",
	}
	errInvalidDigest = &refusal{
		status:  http.StatusBadRequest,
		code:    "InvalidDigest",
		reason:  "invalid",
		message: "The Content-MD5 or x-goog-hash you specified was invalid.",
	}
	errBadDigest = &refusal{
		status:  http.StatusBadRequest,
		code:    "BadDigest",
		reason:  "invalid",
		message: "The Content-MD5 or x-goog-hash you specified did not match what we received.",
	}
	errTooLarge = &refusal{
		status:  http.StatusBadRequest,
		code:    "EntityTooLarge",
		reason:  "invalid",
		message: "Your proposed upload exceeds the maximum allowed object size.",
	}
	errTooSmall = &refusal{
		status:  http.StatusBadRequest,
		code:    "EntityTooSmall",
		reason:  "invalid",
		message: "Your proposed upload is smaller than the minimum object size specified.",
	}
	errIncompleteBody = &refusal{
		status:  http.StatusBadRequest,
		code:    "IncompleteBody",
		reason:  "invalid",
		message: "The request body ended before it was complete.",
	}
	errInvalidRange = &refusal{
		status:  http.StatusRequestedRangeNotSatisfiable,
		code:    "InvalidRange",
		reason:  "requestedRangeNotSatisfiable",
		message: "The requested range cannot be satisfied.",
	}
	errUnauthenticated = &refusal{
		status:  http.StatusUnauthorized,
		code:    "AuthenticationRequired",
		reason:  "required",
		message: "Authentication required.",
	}
	errMalformedSecurity = &refusal{
		status:  http.StatusBadRequest,
		code:    "MalformedSecurityHeader",
		reason:  "invalid",
		message: "Your request has a malformed header.",
	}
	errExpiredToken = &refusal{
		status:  http.StatusBadRequest,
		code:    "ExpiredToken",
		reason:  "invalid",
		message: "The provided token has expired.",
	}
	errTimeSkewed = &refusal{
		status:  http.StatusForbidden,
		code:    "RequestTimeTooSkewed",
		reason:  "forbidden",
		message: "The difference between the request time and the server's time is too large.",
	}
	errAccessDenied = &refusal{
		status:  http.StatusForbidden,
		code:    "AccessDenied",
		reason:  "forbidden",
		message: "Access denied.",
	}
	errMayNotSign = &refusal{
		status:  http.StatusForbidden,
		code:    "PermissionDenied",
		reason:  "forbidden",
		message: "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).",
	}
	errBadSignature = &refusal{
		status:  http.StatusForbidden,
		code:    "SignatureDoesNotMatch",
		reason:  "forbidden",
		message: "The request signature we calculated does not match the signature you provided.",
	}
	errMethodNotAllowed = &refusal{
		status:  http.StatusMethodNotAllowed,
		code:    "MethodNotAllowed",
		reason:  "httpMethodNotAllowed",
		message: "The specified method is not allowed against this resource.",
	}
	errNotImplemented = &refusal{
		status:  http.StatusNotImplemented,
		code:    "NotImplemented",
		reason:  "notImplemented",
		message: "This emulator does not implement that.",
	}
	errBackendBusy = &refusal{
		status:  http.StatusServiceUnavailable,
		code:    "ServiceUnavailable",
		reason:  "backendError",
		message: "Another request is writing to this upload.",
	}
	errUploadCancelled = &refusal{
		status:  499,
		code:    "ClientClosedRequest",
		reason:  "clientClosedRequest",
		message: "The upload was cancelled.",
	}
	errInternalError = &refusal{
		status:  http.StatusInternalServerError,
		code:    "InternalError",
		reason:  "internalError",
		message: "We encountered an internal error. Please try again.",
	}
)

// refusalOf returns the refusal in an error's chain, and an internal error where there is none.
func refusalOf(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}

	return errInternalError
}
