package fair

import "sync"

// Share is part of a gate's amount, which a holder has until it is released.
type Share struct {
	gate  *Gate
	who   Who
	mu    sync.Mutex
	share int64
	// released is whether Release was called.
	released bool
}

// Resize changes the share to the amount that is really used. A share that grows does not wait: others do, until it is
// released.
func (h *Share) Resize(to int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.released || to == h.share {
		return
	}

	h.gate.giveBack(h.who, h.share-to)
	h.share = to
}

// Release returns the share to the gate. It may be repeated.
func (h *Share) Release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.released {
		h.released = true
		h.gate.giveBack(h.who, h.share)
	}
}
