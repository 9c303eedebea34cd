package watch

import (
	"strconv"
	"strings"
	"unicode"
)

// token is one piece of a written query.
type token struct {
	kind   tokenKind
	column int
	text   string // of a bare or quoted term; of an operator
	number int32  // of NEAR
	exact  bool
}

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokOpen
	tokClose
	tokBare
	tokQuoted
	tokAnd
	tokOr
	tokNot
	tokNear
	tokField
)

// lex cuts a query into tokens.
func lex(query string) ([]token, error) {
	runes := []rune(query)
	if len(runes) > maxQueryRunes {
		return nil, refuse(maxQueryRunes+1, "the query is too long: at most %d characters", maxQueryRunes)
	}
	var tokens []token
	for i := 0; i < len(runes); {
		r := runes[i]
		column := i + 1
		switch {
		case unicode.IsSpace(r):
			i++
		case isOpen(r):
			tokens = append(tokens, token{kind: tokOpen, column: column, text: "("})
			i++
		case isClose(r):
			tokens = append(tokens, token{kind: tokClose, column: column, text: ")"})
			i++
		case isQuote(r):
			t, end, err := lexQuoted(runes, i)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			i = end
		case r == '=':
			t, end, err := lexExact(runes, i)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			i = end
		case afterFact(tokens, column):
			end := i
			for end < len(runes) && !endsBare(runes[end]) {
				end++
			}
			tokens = append(tokens, token{kind: tokBare, column: column, text: string(runes[i:end])})
			i = end
		default:
			end := i
			for end < len(runes) && !endsBare(runes[end]) {
				end++
			}
			t, length, err := lexBare(string(runes[i:end]), column)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			i += length
		}
	}
	return append(tokens, token{kind: tokEnd, column: len(runes) + 1}), nil
}

func isOpen(r rune) bool  { return r == '(' || r == '（' }
func isClose(r rune) bool { return r == ')' || r == '）' }

// isQuote takes the quotation marks that word processors put in for straight ones.
func isQuote(r rune) bool { return foldSymbol(r) == '"' }

func endsBare(r rune) bool {
	return unicode.IsSpace(r) || isOpen(r) || isClose(r) || isQuote(r)
}

func lexQuoted(runes []rune, at int) (token, int, error) {
	for end := at + 1; end < len(runes); end++ {
		if !isQuote(runes[end]) {
			continue
		}
		text := string(runes[at+1 : end])
		if strings.TrimSpace(text) == "" {
			return token{}, 0, refuse(at+1, "this phrase is empty: write words between the quotes")
		}
		return token{kind: tokQuoted, column: at + 1, text: text}, end + 1, nil
	}
	return token{}, 0, refuse(at+1, "this quote is never closed: add a \" at the phrase's end")
}

func lexExact(runes []rune, at int) (token, int, error) {
	begin := at + 1
	if begin < len(runes) && isQuote(runes[begin]) {
		t, end, err := lexQuoted(runes, begin)
		t.exact, t.column = true, at+1
		return t, end, err
	}
	end := begin
	for end < len(runes) && !endsBare(runes[end]) {
		end++
	}
	if end == begin || runes[begin] == '=' {
		return token{}, 0, refuse(at+1, "= needs a word or a phrase right after it, as in =Apple or =\"Bell Labs\"")
	}
	return token{kind: tokBare, column: begin + 1, text: string(runes[begin:end]), exact: true}, end, nil
}

// lexBare reads an operator, a field or a term, and says how many code points
// of the text it took.
func lexBare(text string, column int) (token, int, error) {
	length := len([]rune(text))
	switch text {
	case "AND":
		return token{kind: tokAnd, column: column, text: text}, length, nil
	case "OR":
		return token{kind: tokOr, column: column, text: text}, length, nil
	case "NOT":
		return token{kind: tokNot, column: column, text: text}, length, nil
	}
	if text == "NEAR" || strings.HasPrefix(text, "NEAR/") {
		number, err := nearNumber(strings.TrimPrefix(text, "NEAR"), column)
		return token{kind: tokNear, column: column, text: text, number: number}, length, err
	}
	if name, rest, ok := strings.Cut(text, ":"); ok && isFieldName(name) {
		field := strings.ToLower(name)
		if field != titleField && factOf(field) == noFact {
			return token{}, 0, refuse(column, "there is no field %s: %s; to look for the text itself, quote it: %q", name, fieldHint(field), name+":"+rest)
		}
		return token{kind: tokField, column: column, text: field}, len(name) + 1, nil
	}
	return token{kind: tokBare, column: column, text: text}, length, nil
}

func nearNumber(text string, column int) (int32, error) {
	digits, ok := strings.CutPrefix(text, "/")
	column += len("NEAR")
	if !ok || digits == "" {
		return 0, refuse(column, "NEAR needs the number of words after a slash, as in NEAR/5")
	}
	for _, r := range digits {
		if r < '0' || r > '9' {
			return 0, refuse(column+1, "NEAR/%s is not a distance: write a positive number, as in NEAR/5", digits)
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		n = bodyWords / 4 // further apart than any words of one text
	}
	if n == 0 {
		return 0, refuse(column+1, "NEAR/0 is no distance: write 1 for words side by side")
	}
	return int32(min(n, bodyWords/4)), nil
}

// isFieldName tells site:bbc.com from VR:n and 10:30.
func isFieldName(s string) bool {
	if len(s) < 3 {
		return false
	}
	for _, r := range s {
		if r < 'A' || r > 'Z' && r < 'a' || r > 'z' {
			return false
		}
	}
	return true
}
