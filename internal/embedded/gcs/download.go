package gcs

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	raw "google.golang.org/api/storage/v1"
)

// download answers with an object's content, whole or one range of it, for GET and HEAD of both APIs.
func (s *Server) download(w http.ResponseWriter, r *http.Request, at ref, when conditions) error {
	found, file, err := s.store.open(at, when)
	if err != nil {
		return err
	}

	defer func() { _ = file.Close() }()
	size := sizeOf(found.Object)
	part, partial, err := spanOf(r.Header.Get("Range"), size)
	if err != nil {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		return err
	}

	describeDownload(w.Header(), found.Object, r.URL.Query())
	w.Header().Set("Content-Length", strconv.FormatInt(part.length, 10))
	status := http.StatusOK
	if partial {
		status = http.StatusPartialContent
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.start, part.start+part.length-1, size))
	}

	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, io.NewSectionReader(file, part.start, part.length)) // a reader that has gone cannot be told
	}

	return nil
}

func describeDownload(h http.Header, o *raw.Object, q url.Values) {
	describeStored(h, o)
	h.Set("Content-Type", orDefault(q.Get("response-content-type"),
		orDefault(o.ContentType, "application/octet-stream")))
	setIf(h, "Content-Disposition", orDefault(q.Get("response-content-disposition"), o.ContentDisposition))
	setIf(h, "Content-Encoding", o.ContentEncoding)
	setIf(h, "Content-Language", o.ContentLanguage)
	setIf(h, "Cache-Control", o.CacheControl)
	h.Set("Accept-Ranges", "bytes")
	h.Set("X-Goog-Stored-Content-Length", strconv.FormatUint(o.Size, 10))
	if updated, err := time.Parse(timeFormat, o.Updated); err == nil {
		h.Set("Last-Modified", updated.UTC().Format(http.TimeFormat))
	}

	for name, value := range o.Metadata {
		h.Set("X-Goog-Meta-"+name, value)
	}
}

// describeStored sets the headers that a download and an upload have in common.
func describeStored(h http.Header, o *raw.Object) {
	h.Set("X-Goog-Generation", strconv.FormatInt(o.Generation, 10))
	h.Set("X-Goog-Metageneration", strconv.FormatInt(o.Metageneration, 10))
	h.Set("X-Goog-Hash", "crc32c="+o.Crc32c)
	h.Add("X-Goog-Hash", "md5="+o.Md5Hash)
	h.Set("X-Goog-Storage-Class", o.StorageClass)
	if sum, err := base64.StdEncoding.DecodeString(o.Md5Hash); err == nil {
		h.Set("ETag", `"`+hex.EncodeToString(sum)+`"`)
	}
}

func setIf(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

func orDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}

	return value
}

// span is a part of a content, in bytes.
type span struct{ start, length int64 }

// spanOf reads a Range header. One that is not a single range of bytes is ignored, as the standard has it.
func spanOf(header string, size int64) (part span, partial bool, err error) {
	spec, found := strings.CutPrefix(header, "bytes=")
	first, last, dashed := strings.Cut(spec, "-")
	start, hasStart := byteNumber(first)
	end, hasEnd := byteNumber(last)
	switch {
	case !found || !dashed, first != "" && !hasStart, last != "" && !hasEnd, !hasStart && !hasEnd, hasStart && hasEnd &&
		end < start:
		return span{0, size}, false, nil
	case !hasStart:
		start, end = max(size-end, 0), size-1
	case !hasEnd:
		end = size - 1
	}

	if start >= size {
		return span{}, false, errInvalidRange
	}

	return span{start, min(end, size-1) - start + 1}, true, nil
}

func byteNumber(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0
}
