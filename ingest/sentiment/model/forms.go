package model

import "strings"

// squeeze shortens rows of three and more equal letters to keep of them.
func squeeze(w string, keep int) string {
	run, prev, long := 0, rune(-1), false
	for _, r := range w {
		if r == prev {
			run++
			long = long || run >= 3
		} else {
			run, prev = 1, r
		}
	}
	if !long {
		return w
	}
	var b strings.Builder
	runes := []rune(w)
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && runes[j] == runes[i] {
			j++
		}
		n := j - i
		if n >= 3 {
			n = keep
		}
		for range n {
			b.WriteRune(runes[i])
		}
		i = j
	}
	return b.String()
}

// charGrams are the hashes of a word's 3- to 5-grams, its ends marked.
func charGrams(w string, lang uint32) []uint32 {
	runes := make([]rune, 0, len(w)+2)
	runes = append(runes, '^')
	runes = append(runes, []rune(w)...)
	runes = append(runes, '$')
	if len(runes) > 24 {
		runes = runes[:24]
	}
	var out []uint32
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(runes); i++ {
			h := mix(lang, uint32(n)+40)
			for _, r := range runes[i : i+n] {
				h = (h ^ uint32(r)) * 16777619
			}
			out = append(out, h)
		}
	}
	return out
}

// contraction tells "it's" from "Nokia's".
func contraction(w string) bool {
	switch w {
	case "it", "he", "she", "that", "there", "here", "what", "who", "where", "let", "how", "when", "this", "everything", "nobody", "nothing":
		return true
	}
	return false
}

func opensClause(w string) bool {
	switch w {
	case "but", "while", "whereas", "although", "though", "however", "yet", "as", "after", "because", "when", "since",
		"which", "who", "despite", "notwithstanding", "unlike", "until", "before", "if", "so", "even", "amid", "over":
		return w != "over" && w != "even" && w != "so"
	}
	return false
}

func isPronoun(w string) bool {
	switch w {
	case "it", "its", "it's", "they", "their", "them", "he", "she", "his", "her", "which", "who", "that":
		return true
	}
	return false
}

func isHelper(w string) bool {
	switch w {
	case "is", "are", "was", "were", "be", "been", "being", "gets", "got", "get", "getting":
		return true
	}
	return false
}
