package gcs

import (
	"reflect"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

// copyObject gives an object's content a second name; the draft, if it says anything, describes the copy instead of
// the original.
func (s *store) copyObject(c copying) (o *raw.Object, err error) {
	var linked, replaced string
	err = s.db.Update(func(tx *bolt.Tx) error {
		source, target, err := c.find(tx)
		if err != nil {
			return err
		}

		if target != nil {
			replaced = target.Blob
		}

		if linked, err = s.files.link(source.Blob); err != nil {
			return err
		}

		o, err = s.write(tx, c.to, draftOr(&c.draft, source.Object), linkedBlob(linked, source.Object))
		return err
	})
	if err != nil {
		s.drop(linked)
		return nil, err
	}

	s.drop(replaced)
	return o, nil
}

// find reads both ends, if the preconditions hold; the target is nil where there is nothing.
func (c *copying) find(tx *bolt.Tx) (source, target *record, err error) {
	if source, err = find(tx, c.from); err != nil {
		return nil, nil, err
	}

	if target, err = find(tx, c.to); err != nil {
		return nil, nil, err
	}

	if err = c.whenFrom.reads(source); err == nil {
		err = c.whenTo.writes(target)
	}

	return source, target, err
}

// draftOr returns the original's description where the draft says nothing.
func draftOr(draft, original *raw.Object) *raw.Object {
	var said raw.Object
	describeContent(&said, draft)
	if reflect.ValueOf(said).IsZero() {
		return original
	}

	return draft
}

func linkedBlob(id string, o *raw.Object) blob {
	return blob{id: id, size: sizeOf(o), sums: sums{md5: o.Md5Hash, crc32c: o.Crc32c}}
}
