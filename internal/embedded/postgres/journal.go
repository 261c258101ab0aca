package postgres

import (
	"fmt"
	"io"
	"os"
)

const (
	maxJournalBytes = 10 << 20
	shownLines      = 15
	shownBytes      = 8 << 10
)

// journal is the server's log file. It begins anew at a start that finds more than maxJournalBytes in it.
type journal struct {
	file *os.File
	// from is where this start's part of it begins.
	from int64
}

func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the server's log: %w", err)
	}

	j := &journal{file: file}
	info, err := file.Stat()
	if err == nil && info.Size() > maxJournalBytes {
		err = file.Truncate(0)
	} else if err == nil {
		j.from = info.Size()
	}

	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("bounding the server's log: %w", err)
	}

	return j, nil
}

// explain adds the last lines that the server logged to an error.
func (j *journal) explain(err error) error {
	file, openErr := os.Open(j.file.Name())
	if openErr != nil {
		return err
	}

	defer func() { _ = file.Close() }()
	info, statErr := file.Stat()
	if statErr != nil {
		return err
	}

	from := max(j.from, info.Size()-shownBytes)
	tail, readErr := io.ReadAll(io.NewSectionReader(file, from, shownBytes))
	if readErr != nil || len(tail) == 0 {
		return err
	}

	return fmt.Errorf("%w; its log ends with:\n%s", err, lastLines(string(tail), shownLines))
}
