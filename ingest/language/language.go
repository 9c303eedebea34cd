// Package language tells which language a text is in: [Identifier.Identify],
// and which one a mention counts under: [Identifier.Settle].
//
// Script decides where it can: Hangul, Kana, Thai, Greek and others have one
// language each. Among the languages of Latin, Cyrillic, Arabic and Devanagari
// script, and between Chinese and Japanese without Kana, a linear model
// decides, over hashed n-grams of one to five letters within words, the edges
// of words among them, and whole words: ingest/language/model. Addresses,
// names of accounts, numbers and emoji are not read; hashtags and words that
// look like names count half.
//
// "Unknown" is an answer. Names alone ("Samsung Galaxy S24"), a word that many
// languages have and a language that isn't among [Languages] get it. Croatian
// and Serbian in Latin letters are told apart by their words; Bosnian and
// Montenegrin are called what they look like more. Bokmål and Nynorsk are
// both no.
//
// The weights are weights.bin: 6 bits for each n-gram and language, under
// 2 MB. README.md says what text they were learned from and how to make them
// anew; `make bench` measures them beside lingua-go and whatlanggo.
package language
