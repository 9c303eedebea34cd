// Package story says which mentions tell the same story: a wire report that
// many print, a page that is delivered under several addresses, a headline
// that was touched up a little.
//
// A text joins a story, in this order of certainty,
//
//  1. by its page: the same canonical address, identity, or global GUID;
//  2. by its title, within 48 hours of the story's first: the same words, once
//     the publisher's name, labels such as "Exclusive:", case, diacritics and
//     punctuation are gone;
//  3. by nearly the same title: three-word shingles (of characters in scripts
//     without spaces) with a Jaccard index of 0.7 or more, and no word in place
//     of another that changes what is said: figures, days, names, opposites and
//     negations must be the same;
//  4. by its text, where the headline is another: the opening words, found by a
//     64-bit SimHash (Hamming distance 3 or less, in four bands of 16 bits) or
//     by their smallest shingles, and checked shingle by shingle.
//
// Titles are too short for SimHash, in which one changed word flips a dozen
// bits: those candidates come from the smallest hashes of their shingles.
//
// What is near is compared with a story's first text alone, never with its
// copies, so that a story can't drift. Short titles ("Apple", "Live updates")
// group nothing, and those that come again every day ("Markets wrap: …") group
// within half a day at most.
//
// An [Index] remembers the last 200,000 texts of 72 hours ([Most], [Memory]),
// about 500 bytes each, and drops the oldest. [Groups] shares one between
// processes through a [Log]: whoever files something first reads what others
// filed, so that all of them see one order. While the log is away each goes on
// by itself, and copies that arrive at different processes meanwhile may begin
// a story each.
package story
