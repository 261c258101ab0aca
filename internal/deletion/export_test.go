package deletion

// InBatchesOf has a worker delete so many objects in one transaction.
func (w *Worker) InBatchesOf(n int) *Worker {
	w.batch = n
	return w
}
