package upload_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/upload"
)

// model is what should be: plain maps and slices, and the rules of settling.
type model struct {
	now     time.Time
	uploads []*modelUpload
	// objects are by workspace and key.
	objects map[int]map[string]modelObject
	// reserved and staged are what the numbers and the bucket should say.
	staged map[upload.ID]bool
}

type modelUpload struct {
	grant     upload.Grant
	workspace int
	key       string
	most      int64
	ifVersion *int32
	state     upload.State
	why       upload.Rejection
	// landed is zero until bytes have landed.
	landed time.Time
	size   int64
	typed  string
}

type modelObject struct {
	version int32
	size    int64
	landed  time.Time
	blob    upload.ID
}

func newModel() *model {
	return &model{objects: map[int]map[string]modelObject{0: {}, 1: {}}, staged: map[upload.ID]bool{}}
}

func (m *model) open(keep func(*modelUpload) bool) []*modelUpload {
	var open []*modelUpload
	for _, u := range m.uploads {
		if u.state == upload.Open && keep(u) {
			open = append(open, u)
		}
	}
	return open
}

func (u *modelUpload) overdue(now time.Time) bool {
	return now.After(u.grant.Upload.ExpiresAt.Add(time.Hour))
}

// settle ends uploads in the order in which their bytes landed.
func (m *model) settle(uploads []*modelUpload) {
	slices.SortStableFunc(uploads, func(a, b *modelUpload) int { return a.landed.Compare(b.landed) })
	for _, u := range uploads {
		switch {
		case u.landed.IsZero() && u.overdue(m.now):
			u.state = upload.Expired
		case !u.landed.IsZero():
			m.take(u)
		}
	}
}

func (m *model) take(u *modelUpload) {
	delete(m.staged, u.grant.Upload.ID)
	now, exists := m.objects[u.workspace][u.key]
	switch {
	case u.size > u.most:
		u.why = upload.TooLarge
	case u.typed != "text/csv":
		u.why = upload.ContentType
	case u.ifVersion != nil && *u.ifVersion != now.version:
		u.why = upload.Precondition
	case exists && now.landed.After(u.landed):
		u.why = upload.Superseded
	}
	if u.why != "" {
		u.state = upload.Rejected
		return
	}
	u.state = upload.Completed
	m.objects[u.workspace][u.key] = modelObject{version: now.version + 1, size: u.size, landed: u.landed, blob: u.grant.Upload.ID}
}

func (m *model) settleKey(workspace int, key string) {
	m.settle(m.open(func(u *modelUpload) bool { return u.workspace == workspace && u.key == key }))
}

func (m *model) settlePrefix(workspace int, prefix string) {
	m.settle(m.open(func(u *modelUpload) bool { return u.workspace == workspace && strings.HasPrefix(u.key, prefix) }))
}

func (m *model) settleOverdue(workspace int) {
	m.settle(m.open(func(u *modelUpload) bool { return u.workspace == workspace && u.overdue(m.now) }))
}

func (m *model) usage(workspace int) string {
	var used, reserved int64
	for _, o := range m.objects[workspace] {
		used += o.size
	}
	for _, u := range m.open(func(u *modelUpload) bool { return u.workspace == workspace }) {
		reserved += u.most
	}
	return fmt.Sprintf("%d objects, %d used, %d reserved", len(m.objects[workspace]), used, reserved)
}

// bucket is what storage should hold.
func (m *model) bucket() []string {
	var names []string
	for _, objects := range m.objects {
		for _, o := range objects {
			names = append(names, blobOf(o.blob))
		}
	}
	for id := range m.staged {
		names = append(names, stagedOf(id))
	}
	return slices.Sorted(slices.Values(names))
}

// listing is each object of a workspace as a line, in the order of keys.
func (m *model) listing(workspace int, prefix string) []string {
	lines := []string{}
	for key, o := range m.objects[workspace] {
		if strings.HasPrefix(key, prefix) {
			lines = append(lines, line(key, o.version, o.size))
		}
	}
	slices.SortFunc(lines, cmp.Compare[string])
	return lines
}

func line(key string, version int32, size int64) string {
	return fmt.Sprintf("%s\x00v%d of %d bytes", key, version, size)
}
