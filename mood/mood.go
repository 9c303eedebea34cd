// Package mood holds the nouns of Agora: what is watched, what was said, how
// it felt, and how it adds up. Every other package speaks in these types, and
// this package imports nothing but the standard library.
//
// The way of a mention: a source hands over a [Mention]; matching names the
// brands in it; scoring gives a [Reading] for each of them; the store adds the
// readings to tallies; a [Board] is what the tallies of one view say.
package mood
