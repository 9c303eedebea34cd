package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Chinese and Japanese part no words. A run of their characters is cut without
// a dictionary: katakana, and in Japanese kanji, stand between characters of
// other kinds; in Chinese a word is what comes again and again whole, and
// whose parts seldom come without the rest. Thai, Lao, Khmer and Burmese are
// left out: pieces of their words would mislead.

const (
	longestGram = 6   // characters
	mostRun     = 160 // characters of runs that are looked at in one text
	wholeKanji  = 6   // characters of a run of kanji that may be one word
)

// isRun reports characters that are cut here.
func isRun(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

// pieces calls f with each stretch of Han or Katakana within a run; whole says
// that it may be a word as it stands.
func pieces(run string, japanese bool, f func(piece string, whole bool)) {
	class := func(r rune) int {
		switch {
		case unicode.Is(unicode.Han, r):
			return 1
		case unicode.Is(unicode.Katakana, r), r == 'ー':
			return 2
		}
		return 0
	}
	begin, kind, n := 0, 0, 0
	end := func(at int) {
		switch {
		case kind == 2 && n > 2:
			f(run[begin:at], true)
		case kind == 1 && n > 1:
			f(run[begin:at], japanese && n <= wholeKanji)
		}
	}
	for i, r := range run {
		if c := class(r); c != kind {
			end(i)
			begin, kind, n = i, c, 0
		}
		n++
	}
	end(len(run))
}

// hasKana reports Japanese among the runs of a text.
func hasKana(tokens []token) bool {
	for i := range tokens {
		if tokens[i].kind == run && strings.ContainsFunc(tokens[i].text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
			return true
		}
	}
	return false
}

// beginning is as much of a text as there are characters left, and takes those.
func beginning(text string, left *int) string {
	for i := range text {
		if *left == 0 {
			return text[:i]
		}
		*left--
	}
	return text
}

// eachGram calls f with all stretches of up to so many characters.
func eachGram(piece string, most int, f func(gram string)) {
	for i := range piece {
		j := i
		for range most {
			_, size := utf8.DecodeRuneInString(piece[j:])
			if size == 0 {
				break
			}
			j += size
			f(piece[i:j])
		}
	}
}

// learnRuns takes note of what runs are made of.
func (x *Extractor) learnRuns(tokens []token, once func(uint64)) {
	japanese, left := hasKana(tokens), mostRun
	for i := range tokens {
		if tokens[i].kind != run || left <= 0 {
			continue
		}
		pieces(beginning(tokens[i].text, &left), japanese, func(piece string, whole bool) {
			if whole {
				once(x.hash(factTerm, piece))
				return
			}
			eachGram(piece, longestGram, func(gram string) { once(x.hash(factTerm, gram)) })
		})
	}
}

// runs finds what could be topics in runs.
func (x *Extractor) runs(tokens []token, add func(candidate)) {
	japanese, left := hasKana(tokens), mostRun
	for i := range tokens {
		t := &tokens[i]
		if t.kind != run || left <= 0 {
			continue
		}
		pieces(beginning(t.text, &left), japanese, func(piece string, whole bool) {
			if whole {
				x.addRun(piece, x.seen.count(x.hash(factTerm, piece)), i, t.title, add)
				return
			}
			x.cohesive(piece, func(gram string, count float64) { x.addRun(gram, count, i, t.title, add) })
		})
	}
}

func (x *Extractor) addRun(word string, count float64, at int, title bool, add func(candidate)) {
	if idleRun(word) {
		return
	}
	score := x.rarity(count)
	if !title {
		score *= 0.7
	}
	add(candidate{key: word, words: []string{word}, form: word, name: true, score: score, at: at})
}

// cohesive calls f with the words of a piece, as far as they were seen before:
// the longest first, none over another.
func (x *Extractor) cohesive(piece string, f func(gram string, count float64)) {
	chars := []rune(piece)
	taken := make([]bool, len(chars))
	for n := min(longestGram, len(chars)); n >= 2; n-- {
	next:
		for i := 0; i+n <= len(chars); i++ {
			for j := i; j < i+n; j++ {
				if taken[j] {
					continue next
				}
			}
			count := x.grams(chars[i : i+n])
			if count < 2 || idleEdge(chars[i]) || idleEdge(chars[i+n-1]) {
				continue
			}
			parts, share := min(x.grams(chars[i:i+n-1]), x.grams(chars[i+1:i+n])), 0.6
			if n == 2 {
				share = 0.3
			}
			if count < share*parts {
				continue
			}
			for j := i; j < i+n; j++ {
				taken[j] = true
			}
			f(string(chars[i:i+n]), count)
		}
	}
}

func (x *Extractor) grams(chars []rune) float64 { return x.seen.count(x.hash(factTerm, string(chars))) }

// idleEdge lists characters that no word of a topic begins or ends with.
func idleEdge(r rune) bool {
	return strings.ContainsRune("的了是在和与及或就不也有为以于对从到把被让将已这那个一二三四五六七八九十百千万亿年月日时分秒元号第之其他她它我你们您吗呢吧等并但而又再还更最很都因所可能会要說說说称被向由新大小多少上下中前後后内外間间同各每某何本", r)
}

// idleRun lists what news says of anything.
func idleRun(word string) bool {
	switch word {
	case "公司", "企业", "企業", "表示", "报道", "報道", "報導", "记者", "記者", "新闻", "新聞", "消息", "今天", "昨天", "今日", "昨日", "目前", "可能", "可以", "没有", "認為", "认为",
		"问题", "問題", "时间", "時間", "发布", "發布", "発表", "開始", "开始", "会社", "株式会社", "発売", "予定", "最新", "情報", "可能性", "ニュース", "サービス", "シリーズ", "ランキング":
		return true
	}
	return false
}
