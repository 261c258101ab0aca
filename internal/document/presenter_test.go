package document_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func failing(err error) documenttest.Resolver {
	return func(context.Context, graphql.CollectedField) error { return err }
}

func TestPresenter_Fault_IsSaidWithItsDetails(t *testing.T) {
	t.Parallel()
	conflict := fault.New(fault.Conflict, "The version has moved on.").With("currentVersion", "3").
		Because(errors.New("hunter2"))
	server, book := newTestServer(failing(fmt.Errorf("rotate: %w", conflict)))
	got := documenttest.Ask(t, server, "{n:echo}")
	if got.Status != 200 || string(got.Data) != `{"n":null}` || len(got.Errors) != 1 {
		t.Fatalf("got %d %s", got.Status, got.Text)
	}
	want := map[string]any{"code": "CONFLICT", "currentVersion": "3"}
	if e := got.Errors[0]; e.Message != conflict.Say || cmp.Diff(e.Extensions, want) != "" ||
		cmp.Diff(e.Path, []any{"n"}) != "" {
		t.Fatalf("got %s", got.Text)
	}
	if strings.Contains(got.Text, "hunter2") || book.String() != "" {
		t.Fatalf("got %s, logged %s", got.Text, book)
	}
}

func TestPresenter_UnknownError_IsInternalAndLoggedOnce(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		errors.New("hunter2"), fault.New(fault.Internal,
			"hunter2"), gqlerror.Errorf("hunter2"), gqlerror.List{gqlerror.Errorf("hunter2")},
		&gqlerror.Error{Message: "hunter2", Rule: "X", Extensions: map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}},
	} {
		server, book := newTestServer(failing(err))
		got := documenttest.Ask(t, server, "{echo}")
		if got.Code() != string(fault.Internal) || got.Errors[0].Extensions["requestId"] != "request-1" ||
			strings.Contains(got.Text, "hunter2") {
			t.Errorf("%T: got %s", err, got.Text)
		}
		if log := book.String(); strings.Count(log, "request-1") != 1 || strings.Count(log, "path=echo") != 1 {
			t.Errorf("%T: logged %s", err, log)
		}
	}
}

func TestPresenter_TimeRanOut_IsUnavailableAndNoError(t *testing.T) {
	t.Parallel()
	for _, err := range []error{fmt.Errorf("query: %w", context.DeadlineExceeded), context.Canceled} {
		server, book := newTestServer(failing(err))
		if got := documenttest.Ask(t, server, "{echo}"); got.Code() != string(fault.Unavailable) ||
			strings.Contains(book.String(), "level=ERROR") {
			t.Errorf("got %s, logged %s", got.Text, book)
		}
	}
}

func TestPresenter_Outage_IsLoggedWithItsCause(t *testing.T) {
	t.Parallel()
	server, book := newTestServer(failing(fault.New(fault.Unavailable, "Try again.").
		Because(errors.New("no route to host"))))
	if got := documenttest.Ask(t, server, "{echo}"); got.Code() != string(fault.Unavailable) ||
		strings.Contains(got.Text, "route") {
		t.Errorf("got %s", got.Text)
	}
	if log := book.String(); !strings.Contains(log, "no route to host") || !strings.Contains(log, "request-1") {
		t.Errorf("logged %s", log)
	}
}

// input makes an error as generated code makes one when it reads an argument.
func input(err error, names ...string) documenttest.Resolver {
	return func(ctx context.Context, _ graphql.CollectedField) error {
		for _, name := range names {
			ctx = graphql.WithPathContext(ctx, graphql.NewPathWithField(name))
		}
		return graphql.ErrorOnPath(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(2)), err)
	}
}

func TestPresenter_ErrorOfAnArgument_NamesTheField(t *testing.T) {
	t.Parallel()
	for say, err := range map[string]error{
		"A string is expected.":                       fault.New(fault.Invalid, "A string is expected."),
		"A value does not fit the type of its input.": errors.New("hunter2 is not a valid Role"),
	} {
		server, book := newTestServer(input(err, "input", "roles"))
		got := documenttest.Ask(t, server, `mutation{a:rotateSecret(input:{id:"1"})}`)
		want := map[string]any{"code": "BAD_USER_INPUT", "field": "roles"}
		if e := got.Errors[0]; e.Message != say || cmp.Diff(e.Extensions, want) != "" ||
			cmp.Diff(e.Path, []any{"a"}) != "" || book.String() != "" {
			t.Errorf("got %s, logged %s", got.Text, book)
		}
	}
}

func TestPresenter_ErrorBelowAField_KeepsItsPath(t *testing.T) {
	t.Parallel()
	deep := &gqlerror.Error{
		Err:  fault.New(fault.NotFound, "Gone."),
		Path: ast.Path{ast.PathName("viewer"), ast.PathIndex(1)},
	}
	server, _ := newTestServer(failing(deep))
	if got := documenttest.Ask(t, server, "{viewer{id}}"); cmp.Diff(got.Errors[0].Path, []any{"viewer", 1.0}) != "" {
		t.Errorf("got %s", got.Text)
	}
}

func TestPresenter_NoError_IsNone(t *testing.T) {
	t.Parallel()
	if got := document.Presenter(nil, nil)(t.Context(), nil); got != nil {
		t.Fatalf("got %v", got)
	}
}

func TestRecover_Panic_IsInternalWithItsStackInTheLogOnly(t *testing.T) {
	t.Parallel()
	none, first := []int{}, 0
	for what, panicking := range map[string]documenttest.Resolver{
		"panic=string": func(context.Context, graphql.CollectedField) error { panic("hunter2") },
		"index out of range": func(context.Context,
			graphql.CollectedField) error {
			_ = none[first]
			return nil
		},
		"panic=*errors.errorString": func(context.Context,
			graphql.CollectedField) error {
			panic(errors.New("hunter2"))
		},
	} {
		server, book := newTestServer(panicking)
		got, log := documenttest.Ask(t, server, "{echo}"), book
		if got.Code() != string(fault.Internal) || got.Errors[0].Extensions["requestId"] != "request-1" ||
			strings.Contains(got.Text, "hunter2") {
			t.Errorf("%s: got %s", what, got.Text)
		}
		if log := log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, what) ||
			!strings.Contains(log, "presenter_test.go") || strings.Contains(log, "hunter2") {
			t.Errorf("%s: logged %s", what, log)
		}
	}
}

func TestAtMostErrors_TooMany_EndWithTheWordThatThereAreMore(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(failing(fault.New(fault.NotFound, "Gone.")))
	for n, want := range map[int]string{10: "Gone.", 11: "There are more errors.", 20: "There are more errors."} {
		got := documenttest.Ask(t, server, "{"+repeat(n, "a%d:echo ")+"}")
		if last := got.Errors[len(got.Errors)-1]; len(got.Errors) != 10 || last.Message != want ||
			last.Extensions["code"] != "NOT_FOUND" {
			t.Errorf("%d: got %s", n, got.Text)
		}
	}
}
