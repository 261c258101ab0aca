package trusted

import (
	"maps"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/provenanceone/data-api/internal/authz"
)

// mostKept is how many workspaces' lists are in memory: at most 48 MiB of texts.
const mostKept = 64

// listed is a list as requests need it.
type listed struct {
	revision int64
	byID     Documents
	texts    map[string]bool
}

func listedOf(d Documents, revision int64) listed {
	l := listed{revision: revision, byID: d, texts: map[string]bool{}}
	for text := range maps.Values(d) {
		l.texts[text] = true
	}

	return l
}

// kept keeps the lists last used.
type kept struct {
	mu    sync.Mutex
	lists *simplelru.LRU[authz.WorkspaceID, listed]
}

func newKept() *kept {
	lists, err := simplelru.NewLRU[authz.WorkspaceID, listed](mostKept, nil)
	if err != nil {
		panic(err)
	}

	return &kept{lists: lists}
}

// get returns the list of a workspace, if it is of a revision.
func (k *kept) get(ws authz.WorkspaceID, revision int64) (listed, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, ok := k.lists.Get(ws)
	return l, ok && l.revision == revision
}

// add keeps the list of a workspace in the place of another one.
func (k *kept) add(ws authz.WorkspaceID, l List) listed {
	next := listedOf(l.Documents, l.Revision)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lists.Add(ws, next)
	return next
}
