package gcs

import (
	"errors"
	"net/http"
)

// refusal is an answer that is not the one asked for, in the terms of both protocols.
type refusal struct {
	status int
	// code is the XML API's name of it.
	code, message string
	// details and parameter are what the XML API adds.
	details, parameter string
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, code: code, message: message}
}

// reasons are the JSON API's names of the statuses.
var reasons = map[int]string{
	http.StatusNotFound:                     "notFound",
	http.StatusConflict:                     "conflict",
	http.StatusPreconditionFailed:           "conditionNotMet",
	http.StatusNotModified:                  "notModified",
	http.StatusBadRequest:                   "invalid",
	http.StatusRequestedRangeNotSatisfiable: "requestedRangeNotSatisfiable",
	http.StatusUnauthorized:                 "required",
	http.StatusForbidden:                    "forbidden",
	http.StatusMethodNotAllowed:             "httpMethodNotAllowed",
	http.StatusNotImplemented:               "notImplemented",
	http.StatusServiceUnavailable:           "backendError",
	499:                                     "clientClosedRequest",
	http.StatusInternalServerError:          "internalError",
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
	errNoSuchBucket = refuse(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist.")
	errNoSuchKey    = refuse(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	errNoSuchUpload = refuse(http.StatusNotFound, "NoSuchUpload", "The requested upload was not found.")
	errBucketExists = refuse(http.StatusConflict, "BucketAlreadyOwnedByYou",
		"Your previous request to create the named bucket succeeded and you already own it.")
	errPreconditionFailed = refuse(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold.")
	errNotModified       = refuse(http.StatusNotModified, "NotModified", "The resource has not been modified.")
	errInvalidArgument   = refuse(http.StatusBadRequest, "InvalidArgument", "Invalid argument.")
	errInvalidName       = refuse(http.StatusBadRequest, "InvalidObjectName", "The specified object name is not valid.")
	errInvalidBucketName = refuse(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.")
	errInvalidDigest     = refuse(http.StatusBadRequest, "InvalidDigest",
		"The Content-MD5 or x-goog-hash you specified was invalid.")
	errBadDigest = refuse(http.StatusBadRequest, "BadDigest",
		"The Content-MD5 or x-goog-hash you specified did not match what we received.")
	errTooLarge = refuse(http.StatusBadRequest, "EntityTooLarge",
		"Your proposed upload exceeds the maximum allowed object size.")
	errTooSmall = refuse(http.StatusBadRequest, "EntityTooSmall",
		"Your proposed upload is smaller than the minimum object size specified.")
	errIncompleteBody = refuse(http.StatusBadRequest, "IncompleteBody",
		"The request body ended before it was complete.")
	errInvalidRange = refuse(http.StatusRequestedRangeNotSatisfiable, "InvalidRange",
		"The requested range cannot be satisfied.")
	errUnauthenticated   = refuse(http.StatusUnauthorized, "AuthenticationRequired", "Authentication required.")
	errMalformedSecurity = refuse(http.StatusBadRequest, "MalformedSecurityHeader",
		"Your request has a malformed header.")
	errExpiredToken = refuse(http.StatusBadRequest, "ExpiredToken", "The provided token has expired.")
	errTimeSkewed   = refuse(http.StatusForbidden, "RequestTimeTooSkewed",
		"The difference between the request time and the server's time is too large.")
	errAccessDenied = refuse(http.StatusForbidden, "AccessDenied", "Access denied.")
	errForbidden    = refuse(http.StatusForbidden, "AccessDenied", "The caller lacks a permission on the bucket.")
	errMayNotSign   = refuse(http.StatusForbidden, "PermissionDenied",
		"Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).")
	errBadSignature = refuse(http.StatusForbidden, "SignatureDoesNotMatch",
		"The request signature we calculated does not match the signature you provided.")
	errMethodNotAllowed = refuse(http.StatusMethodNotAllowed, "MethodNotAllowed",
		"The specified method is not allowed against this resource.")
	errNotImplemented = refuse(http.StatusNotImplemented, "NotImplemented", "This emulator does not implement that.")
	errBackendBusy    = refuse(http.StatusServiceUnavailable, "ServiceUnavailable",
		"Another request is writing to this upload.")
	errUploadCancelled = refuse(499, "ClientClosedRequest", "The upload was cancelled.")
	errInternalError   = refuse(http.StatusInternalServerError, "InternalError",
		"We encountered an internal error. Please try again.")
)

// refusalOf returns the refusal in an error's chain, and an internal error where there is none.
func refusalOf(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}

	return errInternalError
}
