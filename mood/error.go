package mood

import "errors"

// Kinds of errors that cross packages. Wrap them with what happened and what
// to do; the server has one table from kinds to statuses.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")
	ErrGone        = errors.New("gone")
	ErrUnavailable = errors.New("unavailable") // for now: try again
	ErrConflict    = errors.New("conflict")
	ErrDenied      = errors.New("denied") // who asks hasn't proved that they may
)
