package story

// The words that decide whether two headlines that are nearly the same say the
// same. They are folded: no diacritics, no apostrophes.

// set makes a set of words.
func set(lists ...[]string) map[string]bool {
	all := map[string]bool{}
	for _, list := range lists {
		for _, word := range list {
			all[word] = true
		}
	}
	return all
}

// numbers are figures that are written out.
func numbers() map[string]string {
	of := map[string]string{}
	for _, list := range [...][]string{
		{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"},
		{"zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf"},
		{"deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"},
		{"dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"},
		{"dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"},
		{"due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici"},
		{"twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"},
		{"kaksi", "kolme", "nelja", "viisi", "kuusi", "seitseman", "kahdeksan", "yhdeksan", "kymmenen", "yksitoista", "kaksitoista"},
		{"tva", "tre", "fyra", "fem", "sex", "sju", "atta", "nio", "tio", "elva", "tolv"},
	} {
		for i, word := range list {
			if word == "once" || word == "sex" || word == "six" && i != 4 { // also words of English
				continue
			}
			of[word] = [...]string{"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}[i]
		}
	}
	for i, word := range [...]string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"} {
		of[word] = [...]string{"1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th"}[i]
	}
	return of
}

// scales are how numbers go on.
func scales() map[string]string {
	return map[string]string{
		"thousand": "k", "k": "k",
		"million": "m", "millions": "m", "mln": "m", "mn": "m", "m": "m", "millionen": "m", "mio": "m", "millones": "m", "milioni": "m", "milhoes": "m", "miljoonaa": "m", "miljoner": "m", "miljoen": "m",
		"billion": "b", "billions": "b", "bln": "b", "bn": "b", "b": "b", "milliarden": "b", "mrd": "b", "milliards": "b", "miliardi": "b", "miljardia": "b", "miljarder": "b", "miljard": "b",
		"trillion": "t", "tn": "t", "trn": "t",
		"percent": "%", "pct": "%", "prozent": "%", "pourcent": "%",
	}
}

// shortForm is the one form of a word that is also written another way, or of
// two that are also written as one.
type shortForm struct{ behind, one string }

// shortForms are those, by the last word: Jan. and January, the US and the
// United States.
func shortForms() map[string]shortForm {
	return map[string]shortForm{
		"states": {"united", "us"}, "kingdom": {"united", "uk"}, "union": {"european", "eu"},
		"jan": {"", "january"}, "feb": {"", "february"}, "apr": {"", "april"}, "jun": {"", "june"}, "jul": {"", "july"}, "aug": {"", "august"},
		"sep": {"", "september"}, "sept": {"", "september"}, "oct": {"", "october"}, "nov": {"", "november"}, "dec": {"", "december"},
	}
}

// calendar are names of days and months: what differs in them is of another
// day.
func calendar() map[string]bool {
	return set(
		[]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"},
		[]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"},
		[]string{"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "januar", "februar", "marz", "mai", "juni", "juli", "oktober", "dezember"},
		[]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "janvier", "fevrier", "mars", "avril", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"},
		[]string{"lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		[]string{"lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre"},
		[]string{"segunda", "terca", "quarta", "quinta", "sexta", "janeiro", "fevereiro", "marco", "maio", "junho", "julho", "setembro", "outubro", "novembro", "dezembro"},
		[]string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "januari", "februari", "maart", "mei", "augustus"},
		[]string{"maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai", "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina",
			"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesakuu", "heinakuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"},
		[]string{"mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag", "tirsdag", "augusti"},
		[]string{"today", "tomorrow", "yesterday", "tonight", "morning", "afternoon", "evening", "heute", "morgen", "gestern", "hoy", "manana", "ayer", "demain", "hier", "oggi", "domani", "ieri"},
	)
}

// poles turn what is said round when they come, go or change.
func poles() map[string]bool {
	return set(
		[]string{"not", "no", "never", "without", "cant", "cannot", "wont", "isnt", "arent", "wasnt", "werent", "doesnt", "dont", "didnt", "hasnt", "havent", "wouldnt", "shouldnt", "couldnt", "non", "un", "anti", "nicht", "kein", "keine", "pas", "ei", "inte", "niet", "geen", "nao", "not"},
		[]string{"up", "down", "higher", "lower", "rise", "rises", "rose", "rising", "fall", "falls", "fell", "falling", "gain", "gains", "lose", "loses", "lost", "loss", "losses", "drop", "drops", "dropped", "jump", "jumps", "surge", "surges", "plunge", "plunges", "slump", "slumps", "soar", "soars", "sink", "sinks", "climb", "climbs", "slide", "slides", "increase", "increases", "decrease", "decreases", "cut", "cuts", "raise", "raises", "hike", "hikes"},
		[]string{"win", "wins", "won", "beat", "beats", "miss", "misses", "missed", "draw", "draws", "defeat", "defeats"},
		[]string{"buy", "buys", "sell", "sells", "upgrade", "upgrades", "upgraded", "downgrade", "downgrades", "downgraded", "overweight", "underweight", "outperform", "underperform"},
		[]string{"accept", "accepts", "reject", "rejects", "approve", "approves", "deny", "denies", "denied", "block", "blocks", "allow", "allows", "ban", "bans", "lift", "lifts", "open", "opens", "close", "closes", "closed", "reopen", "reopens", "start", "starts", "end", "ends", "stop", "stops", "resume", "resumes", "guilty", "innocent", "acquitted", "convicted", "alive", "dead", "true", "false", "before", "against", "more", "less", "fewer", "under", "best", "worst", "join", "joins", "leave", "leaves", "quit", "quits", "hire", "hires", "fire", "fires", "confirm", "confirms", "male", "female", "men", "women", "boys", "girls"},
	)
}

// empty are words that may come, go and change.
func empty() map[string]bool {
	return set(
		[]string{"a", "an", "the", "of", "to", "in", "on", "at", "by", "from", "with", "and", "or", "as", "is", "are", "was", "were", "be", "been", "has", "have", "had", "it", "its", "his", "her", "their", "this", "that", "these", "who", "which", "amid", "into", "about", "will", "would", "could", "may", "might", "also", "just", "now", "new", "says", "said", "say", "saying", "report", "reports", "reported", "reportedly", "sources", "source", "exclusive", "breaking", "video", "watch", "update", "updated", "s", "via", "than", "but", "so", "after", "following", "while", "when", "how", "why", "what", "here", "heres", "still", "been", "out", "off", "for", "over", "per", "between", "during", "near", "i", "we", "they", "he", "she", "them", "all", "very"},
		[]string{"der", "die", "das", "den", "dem", "ein", "eine", "einen", "und", "oder", "im", "von", "zu", "mit", "fur", "auf", "aus", "ist", "sind", "le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "au", "aux", "un", "une", "el", "los", "las", "y", "del", "al", "por", "con", "il", "lo", "gli", "i", "e", "di", "da", "o", "os", "as", "do", "dos", "em", "het", "een", "van", "ja", "och", "att", "som", "av"},
	)
}

// recurring are words of titles that come again day after day.
func recurring() map[string]bool {
	return set(
		[]string{"today", "todays", "tonight", "daily", "weekly", "weekend", "morning", "evening", "briefing", "brief", "wrap", "roundup", "recap", "digest", "live", "updates", "blog", "weather", "forecast", "horoscope", "horoscopes", "wordle", "quordle", "connections", "heardle", "quiz", "crossword", "puzzle", "sudoku", "podcast", "episode", "newsletter", "highlights", "schedule", "fixtures", "standings", "results", "lottery", "powerball", "prices", "stocks", "futures", "markets", "premarket", "dow", "nasdaq", "deals", "coupons", "obituaries", "obituary", "letters", "cartoon", "trending", "headlines", "bulletin", "agenda", "calendar", "preview", "odds", "picks", "hints", "answers", "earnings", "calls", "listings"},
		[]string{"wetter", "borse", "horoskop", "lotto", "nachrichten", "meteo", "bourse", "horoscopo", "tiempo", "clima", "bolsa", "oroscopo", "borsa", "saa", "porssi", "uutiset", "vader", "borsen", "nyheter"},
	)
}

// labels stand before a title and a colon, or a dash, and say what sort of
// text it is.
func labels() map[string]bool {
	return set([]string{
		"exclusive", "breaking", "breaking news", "just in", "update", "updated", "watch", "video", "live", "opinion", "analysis", "explainer", "explained", "factbox", "correction", "corrected", "photos", "in pictures", "interview", "report", "alert", "urgent", "developing", "news", "brief", "wrapup", "rpt", "column", "insight", "focus", "editorial", "comment", "feature", "listen", "read", "must read", "sponsored", "eil", "eilmeldung", "exklusiv", "liveblog", "live blog", "live updates", "urgente", "ultima hora", "exclusiva", "exclusif", "alerte", "direct", "en direct", "esclusiva", "ultim ora", "juuri nyt", "just nu", "poll", "uk news", "us news", "world news",
	})
}
