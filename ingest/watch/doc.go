// Package watch knows which brands a text names. It holds the query language
// in which people say what to look for, and an index that asks a thousand
// such queries of a text at once.
//
// # The language
//
//	nokia                 the word, in any case, with or without diacritics
//	nokia ericsson        both (as nokia AND ericsson)
//	nokia OR ericsson     either
//	nokia NOT tyres       the first without the second
//	(a OR b) NOT (c d)    groups; NOT binds tightest, then AND, then OR
//	"bell labs"           the words, one right after the other
//	"C++"  "AT&T"  "(c)"  a quoted term keeps its symbols
//	nok*                  any letters, at a word's end, after a letter at least
//	colo?r                exactly one letter or digit
//	=Apple  ="Bell Labs"  in this case and with these diacritics only
//	nokia NEAR/5 profit   at most five words apart, in either order
//	title:(a OR b)        in the title alone
//	nokia site:bbc.co.uk  published by that domain, or one below it
//	nokia lang:(fi OR sv) in one of these languages
//	nokia NOT country:GB  by a publisher of another country, or of an unknown one
//
// Operators are written in capitals: "and" is a word like any other.
//
// # Words
//
// Words end where Unicode says that words end (UAX #29), with a few
// differences that people who watch brands expect:
//
//   - a possessive, a contraction or a Turkish suffix doesn't hide a name:
//     nokia is in "Nokia's", in "Nokia'nın" and, the other way round, apple is
//     in "d'Apple"; but don is not in "don't";
//   - a colon or a dot between words ends them: vr is in "VR:n", nokia is in
//     "nokia.com"; 3 is not in "3.5";
//   - Han, kana, Hangul, Thai, Lao, Khmer and Burmese have no spaces where
//     words end, so terms in them match as substrings, and a Latin word ends
//     where they begin.
//
// # Folding
//
// Letters are compared after compatibility decomposition, without their marks
// and in lower case: Škoda is skoda, Ｎｏｋｉａ is nokia, й is и. Letters that do not
// decompose are written out: ß is ss, æ is ae, ø is o, ł is l, and the Turkish
// dotless ı and dotted İ are i. Marks that are letters in their own right
// (Indic vowel signs, the voicing marks of kana) are kept. All apostrophes are
// one, and so are all hyphens and dashes.
//
// # Symbols
//
// In quotes every symbol counts, and must stand right beside its word as it
// does in the query; white space in quotes stands for anything between two
// words. Wildcards are symbols there. Without quotes, symbols between the
// parts of a term may be missing in the text (coca-cola is in "Coca Cola"),
// apart from & and apostrophes, and + and # at a term's end. A term of symbols
// alone, such as an emoji, is found anywhere.
//
// # Distance
//
// NEAR/n counts words from the end of one term to the beginning of the other:
// neighbours are 1 apart. Neither it nor a phrase ever spans title and body.
//
// # Fields
//
// site:, lang: and country: ask who published a text, in which language and in
// which country: of what isn't known of a text, none of them holds. Their
// values may be quoted, negated and stand in groups with OR; they have no
// wildcards, no place inside title:(…), and no distance to anything. They
// narrow a query down, or, behind OR, widen it (nokia OR site:nokia.com); a
// query of fields and NOTs alone is refused, since it would match whatever
// somebody publishes there. To count all that a source brings, say so at the
// source.
package watch
