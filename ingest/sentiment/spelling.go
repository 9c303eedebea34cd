package sentiment

import (
	"strings"
	"unicode"
)

// spell writes a word as the lexicon knows it, where people write it
// otherwise: bestttt, #BoycottNokia. Other words stay as they are.
func (e *Engine) spell(text string) string {
	if tag, ok := strings.CutPrefix(text, "#"); ok {
		for _, part := range camelParts(tag) {
			if e.vader.Lexicon[strings.ToLower(part)] <= -1 {
				return part // glad tags are names of shows and days more often than praise
			}
		}
		return text
	}
	if !isStretched(text) {
		return text
	}
	for _, keep := range []int{2, 1} {
		short := shorten(text, keep)
		if _, known := e.vader.Lexicon[strings.ToLower(strings.Trim(short, punctuation))]; known {
			return short
		}
	}
	return text
}

// camelParts cuts a hashtag where its words begin.
func camelParts(tag string) []string {
	var parts []string
	begin := 0
	for i, r := range tag {
		if i > begin && (unicode.IsUpper(r) || r == '_') {
			parts = append(parts, strings.Trim(tag[begin:i], "_"))
			begin = i
		}
	}
	return append(parts, strings.Trim(tag[begin:], punctuation))
}

// isStretched reports a letter that stands three times in a row.
func isStretched(text string) bool {
	run, last := 0, rune(0)
	for _, r := range text {
		if r != last || !unicode.IsLetter(r) {
			run, last = 0, r
		}
		if run++; run == 3 {
			return true
		}
	}
	return false
}

// shorten leaves at most keep of the same letter in a row, where there were
// three or more.
func shorten(text string, keep int) string {
	runes := []rune(text)
	var b strings.Builder
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && runes[j] == runes[i] {
			j++
		}
		n := j - i
		if n > 2 && unicode.IsLetter(runes[i]) {
			n = keep
		}
		for range n {
			b.WriteRune(runes[i])
		}
		i = j
	}
	return b.String()
}

// emojiWords puts words that the lexicon knows in the place of emoji whose
// official names say nothing of the feeling.
func emojiWords() map[string]string {
	return map[string]string{
		"👍": "good", "👎": "awful", "🤬": "furious", "😡": "angry", "😠": "angry", "🤮": "disgusting", "🤢": "disgusting",
		"💩": "crap", "🤡": "ridiculous", "🙄": "annoyed", "😤": "frustrated", "😒": "annoyed", "🤦": "frustrated",
		"📈": "rising", "📉": "plunging", "🚀": "soaring", "👏": "applause", "🙌": "great", "🥳": "celebrate",
		"🎉": "celebrate", "💯": "excellent", "🏆": "winner", "🔝": "best", "🤩": "excited", "😞": "disappointed", "😔": "sad",
	}
}
