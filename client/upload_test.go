package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/provenanceone/data-api/client"
)

func TestUpload_PicksHowBySize(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("0123456789abcdef"), client.PartSize/16)
	for name, has := range map[string]struct {
		content []byte
		known   bool
		want    string
	}{
		"nothing":                 {nil, true, "<nil> 1"},
		"a little":                {[]byte("abc"), true, "<nil> 3"},
		"a little, unknown":       {[]byte("abc"), false, "<nil> 3"},
		"one part":                {long, true, fmt.Sprint("RESUMABLE ", client.PartSize)},
		"two parts":               {append(slices.Clone(long), 'x'), true, fmt.Sprint("RESUMABLE ", client.PartSize+1)},
		"two whole parts, unsaid": {append(slices.Clone(long), long...), false, "RESUMABLE <nil>"},
	} {
		b := &bucket{t: t}
		var content io.Reader = bytes.NewReader(has.content)
		if !has.known {
			content = unsized{content}
		}
		var told []int64
		version, err := b.client().Upload(t.Context(), "d", "k", content,
			client.WithProgress(func(sent, _ int64) { told = append(told, sent) }))
		if err != nil || version.Id != "v" || !bytes.Equal(b.content, has.content) || b.cancelled != 0 ||
			!slices.Equal(b.modes, []string{has.want}) || told[len(told)-1] != int64(len(has.content)) {
			t.Errorf("%s: %q, with %d bytes there and progress %d: %v", name, b.modes, len(b.content), told, err)
		}
	}
}

// TestUpload_Broken_GoesOn fails in each way, at each place.
func TestUpload_Broken_GoesOn(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(b *bucket, w http.ResponseWriter, r *http.Request, body []byte) bool{
		"before it arrives": func(_ *bucket, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			w.WriteHeader(cut)
			return true
		},
		"in the middle": func(b *bucket, w http.ResponseWriter, r *http.Request, body []byte) bool {
			if r.Header.Get("Content-Range") != "" {
				b.content = append(b.content, body[:len(body)/(256<<10)/2*(256<<10)]...)
			}
			w.WriteHeader(cut)
			return true
		},
		"after it has arrived": func(b *bucket, w http.ResponseWriter, r *http.Request, body []byte) bool {
			b.content = append(b.content, body...)
			w.WriteHeader(cut)
			return true
		},
		"by a fault": func(_ *bucket, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		},
	} {
		for _, size := range []int{3, client.PartSize + 512<<10 + 99} {
			for _, at := range []int{1, 2} {
				synctest.Test(t, func(t *testing.T) {
					b := &bucket{t: t}
					b.fail = func(nth int, w http.ResponseWriter, r *http.Request, body []byte) bool {
						return nth == at && fail(b, w, r, body)
					}
					content := bytes.Repeat([]byte("x1"), size)[:size]
					_, err := b.client().Upload(t.Context(), "d", "k", bytes.NewReader(content))
					if err != nil || !bytes.Equal(b.content, content) {
						t.Errorf("%s of request %d of %d bytes: %d are there: %v", name, at, size, len(b.content), err)
					}
				})
			}
		}
	}
}

func TestUpload_TakenAlready_IsSettled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bucket{t: t}
		b.fail = func(nth int, w http.ResponseWriter, _ *http.Request, body []byte) bool {
			b.content = body
			w.WriteHeader(map[int]int{1: cut, 2: http.StatusPreconditionFailed}[nth])
			return true
		}
		if _, err := b.client().Upload(t.Context(), "d", "k", strings.NewReader("abc")); err != nil {
			t.Error(err)
		}
	})
}

func TestUpload_ThatFails_IsCancelled_AndShowsNoURL(t *testing.T) {
	t.Parallel()
	always := func(status int) func(int, http.ResponseWriter, *http.Request, []byte) bool {
		return func(_ int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			w.WriteHeader(status)
			return true
		}
	}
	var refused *client.StorageError
	var rejected *client.RejectedError
	for name, has := range map[string]struct {
		b       *bucket
		content io.Reader
		as      any
		options []client.UploadOption
	}{
		"refused":     {&bucket{fail: always(http.StatusForbidden)}, strings.NewReader("abc"), &refused, nil},
		"unreachable": {&bucket{fail: always(cut)}, strings.NewReader("abc"), nil, nil},
		"down":        {&bucket{fail: always(503)}, bytes.NewReader(make([]byte, client.PartSize+1)), &refused, nil},
		"rejected":    {&bucket{rejection: "REVOKED"}, strings.NewReader("abc"), &rejected, nil},
		"too long": {&bucket{}, unsized{bytes.NewReader(make([]byte, client.PartSize+1))}, &rejected,
			[]client.UploadOption{client.WithMaxBytes(client.PartSize)}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &bucket{t: t, fail: has.b.fail, rejection: has.b.rejection}
			_, err := b.client().Upload(t.Context(), "d", "k", has.content, has.options...)
			if err == nil || b.cancelled != 1 || strings.Contains(err.Error(), "cafe") {
				t.Errorf("%s: cancelled %d times: %v", name, b.cancelled, err)
			}
			if has.as != nil && !errors.As(err, has.as) {
				t.Errorf("%s: %v is no %s", name, err, reflect.TypeOf(has.as).Elem())
			}
		})
	}
	if rejected.Reason == "" || refused.Status == 0 {
		t.Errorf("%+v, %+v", rejected, refused)
	}
}

func TestUpload_WhoseContextEnds_IsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancelCause(t.Context())
		why := errors.New("the user has gone")
		b := &bucket{t: t}
		b.fail = func(nth int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			if nth == 2 {
				end(why)
				w.WriteHeader(cut)
			}
			return nth == 2
		}
		_, err := b.client().Upload(ctx, "d", "k", bytes.NewReader(make([]byte, 3*client.PartSize)))
		if !errors.Is(err, why) || b.cancelled != 1 {
			t.Errorf("cancelled %d times: %v", b.cancelled, err)
		}
	})
}

func TestUpload_OfAnotherLengthThanSaid_StoresNothing(t *testing.T) {
	t.Parallel()
	for _, said := range []int64{2, 4, client.PartSize + 1, math.MaxInt64} {
		b := &bucket{t: t}
		_, err := b.client().Upload(t.Context(), "d", "k", strings.NewReader("abc"), client.WithSize(said))
		if err == nil || slices.Contains(b.operations, "CompleteUpload") {
			t.Errorf("said to be %d bytes: %q, %v", said, b.operations, err)
		}
	}
}

func TestUpload_OfOtherBytesThanWereRead_IsAnError(t *testing.T) {
	t.Parallel()
	b := &bucket{t: t}
	b.fail = func(_ int, _ http.ResponseWriter, _ *http.Request, _ []byte) bool {
		b.content = []byte("abd")
		return true
	}
	if _, err := b.client().Upload(t.Context(), "d", "k", strings.NewReader("abc")); !errors.Is(err, client.ErrChecksum) {
		t.Error(err)
	}
}
