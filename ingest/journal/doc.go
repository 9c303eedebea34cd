// Package journal keeps what was accepted on disk before it is acknowledged,
// so that nothing acknowledged is lost when the process, the machine or the
// store goes away.
//
// A journal is a folder of segments, each a file that is only ever appended
// to. [Journal.Append] returns once its record is on disk; appends that come
// together share one write and one fsync. Whoever counts the records reads
// them with [Journal.Read], and says with [Journal.Applied] how far it got;
// what is applied stays for a while, to rebuild a store from. What isn't
// applied is never removed: when it fills the journal, Append returns
// [ErrFull].
//
// Numbers. Records are numbered 1, 2, 3, … A number under which something may
// have been kept is never given to another record: after a torn or damaged end
// the numbers that may have been there are left out. The numbers of a batch
// that failed are given again, because the segment it was written to either is
// cut back to where it was before, durably, or is closed by a new segment that
// begins with those numbers: nothing at or after a segment's first number is
// believed of an older segment.
//
// Damage is skipped, never fatal: every record has a checksum of its own, a
// second one guards its header, and both are seeded with the journal's id, so
// that the next whole record is found, and nothing that somebody put into a
// text can pass for one.
//
// It is our own code since the libraries of the field stop where this begins:
// tidwall/wal has no checksums and ends with "log corrupt"; rosedblabs/wal
// checks blocks but stops reading at the first bad one, and has no bound;
// hashicorp/raft-wal calls itself experimental, doesn't check what it reads,
// and brings bbolt along. None of them has a bounded size with a checkpoint,
// or goes on behind damage in the middle, and none would spare us the group
// commit. All of it is some hundred lines beside two modules that Agora has
// anyway.
package journal
