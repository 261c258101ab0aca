package upload_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// model is what should be: plain maps and slices, and the rules of uploads, versions, copies and policies.
type model struct {
	now     time.Time
	uploads []*modelUpload
	// objects are the versions of each key, oldest first.
	objects map[place][]modelVersion
	// deleted is the highest number that each key had when it was deleted.
	deleted map[place]int32
	// policies are by datastore.
	policies [datastores]datastore.Policy
	// staged are the uploads that have bytes in staging.
	staged map[upload.ID]bool
	// limits are by workspace; 0 for none.
	limits [workspaces]int64
}

// There are so many workspaces, with two datastores each: the datastores 2n and 2n+1 are the workspace n's.
const (
	workspaces = 3
	datastores = 2 * workspaces
)

// place is a key of a datastore.
type place struct {
	in  int
	key string
}

func (p place) workspace() int { return p.in / 2 }

type modelUpload struct {
	grant upload.Grant
	place
	most      int64
	asked     string
	ifVersion *int32
	state     upload.State
	why       upload.Rejection
	// landed is zero until bytes have landed.
	landed time.Time
	size   int64
	typed  string
}

type modelVersion struct {
	number int32
	size   int64
	typed  string
	blob   object.BlobID
	// landed is when the last upload up to this version had landed; zero if there was none.
	landed time.Time
}

func newModel() *model {
	return &model{objects: map[place][]modelVersion{}, deleted: map[place]int32{}, staged: map[upload.ID]bool{}}
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

// current is the newest version at a place; the zero one where there is nothing.
func (m *model) current(p place) (v modelVersion) {
	if all := m.objects[p]; len(all) > 0 {
		v = all[len(all)-1]
	}
	return v
}

// version is one that is kept.
func (m *model) version(p place, number int32) (modelVersion, bool) {
	i := slices.IndexFunc(m.objects[p], func(v modelVersion) bool { return v.number == number })
	if i < 0 {
		return modelVersion{}, false
	}
	return m.objects[p][i], true
}

// write adds a version to a place and drops those beyond what is kept.
func (m *model) write(p place, v modelVersion) {
	before := m.current(p)
	v.number = max(before.number, m.deleted[p]) + 1
	if v.landed.IsZero() {
		v.landed = before.landed
	}
	m.objects[p] = append(m.objects[p], v)
	m.objects[p] = m.objects[p][max(0, len(m.objects[p])-int(m.policies[p.in].KeepVersions)):]
}

// grows is by how much a workspace holds more once so many bytes are written to a place.
func (m *model) grows(p place, size int64) int64 {
	surplus := len(m.objects[p]) + 1 - int(m.policies[p.in].KeepVersions)
	for _, v := range m.objects[p][:max(0, surplus)] {
		size -= v.size
	}
	return size
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
	policy, current := m.policies[u.in], m.current(u.place)
	switch {
	case u.size > u.most:
		u.why = upload.TooLarge
	case u.typed != u.asked:
		u.why = upload.ContentType
	case !policy.Fits(u.size):
		u.why = upload.TooLarge
	case !policy.Takes(u.typed):
		u.why = upload.ContentType
	case u.ifVersion != nil && *u.ifVersion != current.number:
		u.why = upload.Precondition
	case current.landed.After(u.landed):
		u.why = upload.Superseded
	}
	if u.why != "" {
		u.state = upload.Rejected
		return
	}
	u.state = upload.Completed
	m.write(u.place, modelVersion{
		size:   u.size,
		typed:  u.typed,
		landed: u.landed,
		blob:   object.BlobID(u.grant.Upload.ID),
	})
}

func (m *model) settleKey(p place) {
	m.settle(m.open(func(u *modelUpload) bool { return u.place == p }))
}

func (m *model) settlePrefix(in int, prefix string) {
	m.settle(m.open(func(u *modelUpload) bool { return u.in == in && strings.HasPrefix(u.key, prefix) }))
}

func (m *model) settleOverdue(workspace int) {
	m.settle(m.open(func(u *modelUpload) bool { return u.workspace() == workspace && u.overdue(m.now) }))
}

// holds is what datastores hold together.
func (m *model) holds(in func(place) bool) (objects, bytes int64) {
	for p, versions := range m.objects {
		if in(p) {
			objects++
			for _, v := range versions {
				bytes += v.size
			}
		}
	}
	return objects, bytes
}

// counted is what a workspace holds, and what its open uploads have reserved.
func (m *model) counted(workspace int) (objects, used, reserved int64) {
	objects, used = m.holds(func(p place) bool { return p.workspace() == workspace })
	for _, u := range m.open(func(u *modelUpload) bool { return u.workspace() == workspace }) {
		reserved += u.most
	}
	return objects, used, reserved
}

// fits reports that a workspace has room for so many bytes more.
func (m *model) fits(workspace int, more int64) bool {
	_, used, reserved := m.counted(workspace)
	return m.limits[workspace] == 0 || more <= 0 || used+reserved+more <= m.limits[workspace]
}

// bucket is what storage should hold: each blob once, however many versions share it.
func (m *model) bucket() []string {
	names := map[string]bool{}
	for _, versions := range m.objects {
		for _, v := range versions {
			names["blobs/"+v.blob.String()] = true
		}
	}
	for id := range m.staged {
		names[stagedOf(id)] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// listing is each object of a datastore as a line, in the order of keys, its versions newest first.
func (m *model) listing(in int, prefix string) []string {
	lines := []string{}
	for p, versions := range m.objects {
		if p.in == in && strings.HasPrefix(p.key, prefix) {
			line := p.key
			for _, v := range slices.Backward(versions) {
				line += lineOf(v.number, v.size, v.typed, v.blob)
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

func lineOf(number int32, size int64, typed string, blob object.BlobID) string {
	return fmt.Sprintf("\x00v%d of %d bytes of %s in %s", number, size, typed, blob)
}
