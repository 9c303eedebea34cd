// Package recount counts a journal anew, and compares what comes out with what
// a store has counted.
//
// It is a small oracle: it reads entries one by one in their order, and shares
// no code with the store. What makes the comparison exact is that a mention
// which is accepted at a time was published no later. So a minute, an hour or
// a day that begins after the oldest entry of a journal holds nothing but
// mentions of that journal, or of those of other processes. Earlier ones are
// compared too where the journal is whole and the store remembers nothing
// counted beside it.
//
// Some things can't be known from a journal alone: whether a mention is a copy
// of one from before the journal begins, which the store is asked, and whether
// a text was still kept when it was corrected, where it was given up for want
// of room. Counters that differ by no more than that are told apart.
package recount
