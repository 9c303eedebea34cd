// Package store keeps what was counted, and the newest texts, in Redis: a
// server given by URL, or one inside the process.
//
// Every brand's keys carry the hash tag {brand}, so that a brand lives in one
// slot of a cluster and one script may touch all its keys. What keys there
// are, what is in them and when they expire is in keys.go, and nowhere else.
//
// A batch of mentions of one brand is written all or nothing, and what was
// counted before is refused: so a batch may be sent again after any fault.
// Deltas are added up here. If nobody else wrote since the cells were read that
// they change (see held), a transaction writes what these become (transact.go);
// else a script adds to them (record.lua).
//
// What comes from a journal is counted in its order, and marks beside the
// counters say how far (see marks.go): it is counted once whatever is killed in
// between, and a store that lost something is found out and counted into again.
//
// A Board is read in one pipelined round trip. Windows are put together from
// minutes at their ragged edge, hours and days inside (see cover).
//
// Times: a mention counts at its publication time, at most now; texts are
// filed and counters kept to the millisecond, so a list of mentions from
// board.From to board.To holds exactly what the board counted.
//
// Hours and days are those of the configured clock, also where it is not a
// whole hour away from UTC (India, Nepal). This is approximate: on Lord Howe
// Island, whose clock changes by half an hour, the hour next to a change; where
// clocks go forward at midnight, the first hour of that day, beyond a month;
// and after the operator moved to another timezone, the edges of days and of
// half hours that were counted before.
package store
