package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/provenanceone/data-api/client"
)

func TestDownload_IsWhatWasStored(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "abc"} {
		b := &bucket{t: t, content: []byte(content)}
		d, err := b.client().Download(t.Context(), "d", "k", client.AtVersion(1))
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(d, []byte(content)); err != nil {
			t.Error(err)
		}
		if err := errors.Join(d.Close(), d.Close()); err != nil || d.Version.Id != "v" {
			t.Errorf("%+v: %v", d.Version, err)
		}
	}
}

// cutting passes a client's requests on, and ends each download after so many bytes.
type cutting struct {
	handled
	after int
}

type cutBody struct {
	io.Reader
	io.Closer
}

func (c cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.handled.RoundTrip(r)
	if err == nil && r.Method == http.MethodGet {
		whole, _ := io.ReadAll(res.Body)
		part := io.Reader(bytes.NewReader(whole))
		if len(whole) > c.after {
			part = io.MultiReader(bytes.NewReader(whole[:c.after]), iotest.ErrReader(io.ErrUnexpectedEOF))
		}
		res.Body = cutBody{part, res.Body}
	}
	return res, err
}

func (b *bucket) cutting(after int) *client.Client {
	c, err := client.New(endpoint, client.APIKey("p1_secret"),
		client.WithHTTPClient(&http.Client{Transport: cutting{handled(b.serve), after}}))
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func TestDownload_Broken_GoesOnFromThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bucket{t: t, content: bytes.Repeat([]byte("0123456789"), 10)}
		b.fail = func(nth int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			status, fails := map[int]int{3: cut, 6: 503, 9: http.StatusBadRequest}[nth] // at last the URL expires
			if fails {
				w.WriteHeader(status)
			}
			return fails
		}
		d, err := b.cutting(7).Download(t.Context(), "d", "k")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(d)
		urls := len(slices.DeleteFunc(b.operations, func(o string) bool { return o != "CreateDownloadURL" }))
		if err != nil || !bytes.Equal(got, b.content) || urls != 2 {
			t.Errorf("%q, by %d URLs: %v", got, urls, err)
		}
	})
}

// TestDownload_OfTwoBlobs_NeverMixes has storage serve another generation after a break.
func TestDownload_OfTwoBlobs_NeverMixes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bucket{t: t, content: []byte("0123456789")}
		b.fail = func(nth int, _ http.ResponseWriter, _ *http.Request, _ []byte) bool {
			b.generation = nth
			return false
		}
		d, err := b.cutting(7).Download(t.Context(), "d", "k")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(d); err == nil || string(got) != "0123456" {
			t.Errorf("%q: %v", got, err)
		}
	})
}

func TestDownload_OfOtherBytes_IsAnErrorOfTheLastRead(t *testing.T) {
	t.Parallel()
	b := &bucket{t: t, content: []byte("abc"), corrupt: true}
	d, err := b.client().Download(t.Context(), "d", "k")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(d, make([]byte, 3)); !errors.Is(err, client.ErrChecksum) {
		t.Error(err)
	}
}

func TestDownload_ThatFails_SaysWhy_AndShowsNoURL(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, 503, cut} {
		synctest.Test(t, func(t *testing.T) {
			b := &bucket{t: t, content: []byte("abc")}
			b.fail = func(_ int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
				w.WriteHeader(status)
				return true
			}
			d, err := b.client().Download(t.Context(), "d", "k")
			if err == nil {
				_, err = io.ReadAll(d)
			}
			var refused *client.StorageError
			if err == nil || strings.Contains(err.Error(), "cafe") || errors.As(err, &refused) == (status == cut) {
				t.Errorf("%d: %v", status, err)
			}
		})
	}
}

func TestDownload_WhoseContextEnds_Ends(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancelCause(t.Context())
	why := errors.New("the user has gone")
	b := &bucket{t: t, content: []byte("0123456789")}
	d, err := b.cutting(7).Download(ctx, "d", "k")
	if err != nil {
		t.Fatal(err)
	}
	end(why)
	if _, err := io.ReadAll(d); !errors.Is(err, why) {
		t.Error(err)
	}
}
