package journal

import (
	"errors"
	"fmt"
	"syscall"

	"agora/mood"
)

// What Append returns.
var (
	// ErrFull says that what isn't applied yet fills the journal.
	ErrFull error = fmt.Errorf("the journal is full of what isn't counted yet: see that the store can be reached, or give the journal more room: %w", mood.ErrUnavailable)
	// ErrClosed says that the journal was closed.
	ErrClosed = errors.New("the journal is closed")
)

// sayDisk puts into words that the disk refused something.
func sayDisk(folder string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("no room is left on the disk of %s: free some, and it goes on by itself (%w): %w", folder, err, mood.ErrUnavailable)
	}
	return fmt.Errorf("the disk of %s can't be written to: look at it, and try again (%w): %w", folder, err, mood.ErrUnavailable)
}
