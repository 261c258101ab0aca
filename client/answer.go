package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
)

// mostOfAnError is how much of the answer to a refused request is read, in bytes.
const mostOfAnError = 1 << 20

// wireAnswer is an answer of the API.
type wireAnswer struct {
	Data   json.RawMessage
	Errors []wireError
}

func (a wireAnswer) hasData() bool { return len(a.Data) > 0 && string(a.Data) != "null" }

type wireError struct {
	Message    string
	Extensions map[string]any
}

func readAnswer(res *http.Response, answer *graphql.Response) error {
	body := io.Reader(res.Body)
	if res.StatusCode != http.StatusOK {
		body = io.LimitReader(res.Body, mostOfAnError)
	}

	text, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("data-api client: reading the answer: %w", broken(err))
	}

	var said wireAnswer
	if err := json.Unmarshal(text, &said); err != nil || len(said.Errors) == 0 && !said.hasData() {
		return foreign(res)
	}

	if said.hasData() {
		// Nothing may stay of the answer to an earlier try.
		reflect.ValueOf(answer.Data).Elem().SetZero()
		if err := json.Unmarshal(said.Data, answer.Data); err != nil {
			return fmt.Errorf("data-api client: the answer does not fit the operation: %w", err)
		}
	}

	all := make([]error, len(said.Errors))
	for i, e := range said.Errors {
		all[i] = refusal(res, e)
	}

	if len(all) == 1 {
		return all[0]
	}

	return errors.Join(all...)
}

func refusal(res *http.Response, e wireError) *Error {
	text := func(name string) string {
		said, _ := e.Extensions[name].(string)
		return said
	}
	refused := &Error{
		Code:       ErrorCode(text("code")),
		Message:    strings.TrimSpace(e.Message),
		Field:      text("field"),
		RequestID:  text("requestId"),
		RetryAfter: retryAfter(res.Header),
		Status:     res.StatusCode,
		Extensions: e.Extensions,
	}
	if refused.RequestID == "" {
		refused.RequestID = res.Header.Get("X-Request-Id")
	}

	if seconds, ok := e.Extensions["retryAfterSeconds"].(float64); ok {
		refused.RetryAfter = time.Duration(seconds * float64(time.Second))
	}

	return refused
}

// foreign is about an answer that is none of the API: a proxy's page, for example.
func foreign(res *http.Response) *Error {
	status := strings.TrimSpace(strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode))
	refused := &Error{
		Code:       codeOf(res.StatusCode),
		Message:    "The endpoint answered with HTTP status " + status + " and not as the API does.",
		RequestID:  res.Header.Get("X-Request-Id"),
		RetryAfter: retryAfter(res.Header),
		Status:     res.StatusCode,
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		refused.Message = "The endpoint answered with HTTP status " + status +
			", and the client follows no redirect: name the address that it leads to as the endpoint."
	}

	return refused
}

func codeOf(status int) ErrorCode {
	switch {
	case status == http.StatusUnauthorized:
		return ErrorCodeUnauthenticated
	case status == http.StatusForbidden:
		return ErrorCodeForbidden
	case status == http.StatusTooManyRequests:
		return ErrorCodeRateLimited
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable,
		status == http.StatusGatewayTimeout:
		return ErrorCodeUnavailable
	case status >= http.StatusMultipleChoices && status < http.StatusInternalServerError:
		return ErrorCodeBadRequest
	}

	return ErrorCodeInternal
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}

	return time.Duration(seconds) * time.Second
}
