package mood

import "time"

// Lease is the right to be the only one at something for a while: at a kind of
// thing and the id of one. Somebody whose process is stopped for longer than the
// lease lasts still believes in it; so whatever is written under a lease
// carries its fence, and is refused once a newer one was given out.
type Lease struct {
	Kind, ID string
	Held     bool
	Fence    uint64        // greater than all that were given out before; 0: not held
	Until    time.Time     // held: until then at least, by this process's own clock
	Wait     time.Duration // not held by this one: for how long another has it at most; 0: nobody has it

	// What is kept under the kind and id: its version grows with everything that
	// is written under a lease. Value is set where the version was asked for and
	// isn't the one that was known; then the lease isn't held.
	Version uint64
	Value   []byte
}

// Lasts says whether the lease can still be relied on at a moment.
func (l Lease) Lasts(now time.Time) bool { return l.Held && now.Before(l.Until) }
