// Package archive keeps the texts of the last days on disk, whether any brand
// was named in them or not, so that a query can be tried on what was there
// before the query was.
//
// An archive is a folder of segments, files of compressed blocks that are only
// ever appended to. It is bounded in days and bytes: the oldest segment goes
// first. It never makes whoever takes texts in wait, and never makes them
// fail: what can't be written is left out, and said. Nothing is synced for
// texts: those of the last seconds are lost with the process, and with the
// machine's power what its system had yet to write, but for files that were
// full. What was withdrawn is the exception: that is on disk when
// [Archive.Withdraw] returns.
//
// # Who gets how much
//
// A source that brings more than an eighth of the archive would hold is
// sampled: one text in 2, 4, 8 … of it is kept, chosen by id, so that the rest
// still has room. Texts that name a brand are counted apart from those of the
// same source that name none. Every kept text says one of how many it is, and
// whoever counts multiplies.
//
// # Damage
//
// Blocks have checksums, seeded by chance for each segment, so that no text can
// pass for a block. A damaged one is skipped, and said; a torn end is cut off.
//
// # Memory
//
// Each text costs about 16 bytes of memory, by which it is known again: up to
// some 64 MB for an archive of 512 MiB that is full of short posts.
package archive
