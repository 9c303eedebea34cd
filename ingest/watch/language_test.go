package watch

import (
	"errors"
	"strings"
	"testing"
)

// A row of a law: the query and texts that it matches and doesn't. A text is
// a title, and a body behind a bar.
type row struct {
	query   string
	matches []string
	misses  []string
}

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		q, err := Compile(r.query)
		if err != nil {
			t.Errorf("%s: refused: %v", r.query, err)
			continue
		}
		for i, text := range append(append([]string{}, r.matches...), r.misses...) {
			title, body, _ := strings.Cut(text, "|")
			want := i < len(r.matches)
			if _, ok := q.Match(title, body); ok != want {
				t.Errorf("%s on %q: match is %v, want %v", r.query, text, ok, want)
			}
		}
	}
}

func TestATermMatchesWholeWords(t *testing.T) {
	check(t, []row{
		{"nokia", []string{"Nokia", "NOKIA rises", "why (nokia)?", "|in the body nokia", "Nokia-branded", "Nokia/Ericsson", "#nokia @nokia", "“Nokia”", "a…Nokia…b"},
			[]string{"Nokian", "pinokia", "nokia5g", "nokia_news", "", "n o k i a"}},
		{"5g", []string{"5G rollout", "a 5g-phone"}, []string{"15G", "5GB", "5 G"}},
		{"3", []string{"Season 3", "(3)"}, []string{"3.5", "1,300", "3,000", "33", "3rd"}},
		{"3.5", []string{"up 3.5 percent"}, []string{"3,5", "13.5", "3.55", "chapter 3. 5 apples"}},
		{"a1", []string{"A1 Telekom"}, []string{"a 1", "A10"}},
		{"coca-cola", []string{"Coca-Cola", "coca cola", "Coca–Cola"}, []string{"cocacola", "cola coca", "coca a cola"}},
		{"booking.com", []string{"Booking.com said"}, []string{"booking a table"}},
	})
}

func TestOneLetterOfManyKeyboardsIsOneLetter(t *testing.T) {
	check(t, []row{
		{"کیا", []string{"شرکت کیا", "شركة كيا تعلن", "كیا"}, []string{"کی"}},
		{"نوكيا", []string{"نوکیا تعطیل شد"}, []string{"نوکیان"}},
		{"علي", []string{"على", "علی"}, nil},
		{"ہواوے", []string{"هواوے"}, nil},
		{"=کیا", []string{"کیا"}, []string{"كيا"}},
	})
}

func TestNamesAreFoundInFrontOfEndingsAndBehindArticles(t *testing.T) {
	check(t, []row{
		{"nokia", []string{"Nokia's profit", "Nokia’s profit", "Nokia'nın yeni telefonu", "Nokia’ya", "l'action de Nokia", "nokia.com", "Nokia:n osake", "info@nokia.com"}, nil},
		{"vr", []string{"VR:n juna"}, nil},
		{"apple", []string{"l’iPhone d’Apple", "dell'Apple"}, []string{"x'apple"}},
		{"don", []string{"Don Quixote"}, []string{"don't", "I don’t"}},
		{"s", []string{"plan S"}, []string{"Nokia's"}},
		{"t", nil, []string{"can't", "can’t"}},
		{"reilly", nil, []string{"O'Reilly", "O’Reilly"}},
		{"us", nil, []string{"U.S. says"}},
		{"mcdonald's", []string{"McDonald's", "McDonald’s", "at McDonaldʼs"}, []string{"McDonalds", "McDonald"}},
		{`"mcdonald’s"`, []string{"McDonald's"}, []string{"McDonalds"}},
		{`"AT&T" OR H&M`, []string{"AT&T's profit", "AT&T’s profit", "H&M's profit", "AT＆T’s"}, []string{"AT T's", "H M's"}},
		{"t", nil, []string{"AT&Ts"}},
		{"xi", []string{"Xi says"}, []string{"Xi'an"}},
	})
}

func TestCaseAndDiacriticsAreFolded(t *testing.T) {
	check(t, []row{
		{"skoda", []string{"Škoda", "ŠKODA", "S\u030ckoda"}, nil},
		{"škoda", []string{"Skoda"}, nil},
		{"häagen", []string{"Haagen-Dazs", "HÄAGEN"}, nil},
		{"citroen", []string{"Citroën"}, nil},
		{"loreal", []string{"LOréal"}, []string{"L'Oréal"}},
		{"l'oreal", []string{"L’Oréal", "L'OREAL"}, nil},
		{"strasse", []string{"Straße", "STRASSE", "STRAẞE"}, nil},
		{"straße", []string{"Strasse"}, nil},
		{"istanbul", []string{"İstanbul", "ISTANBUL", "ıstanbul", "i\u0307stanbul"}, nil},
		{"ısparta", []string{"Isparta"}, nil},
		{"maersk", []string{"Mærsk", "MÆRSK"}, nil},
		{"moller", []string{"Møller"}, nil},
		{"lodz", []string{"Łódź"}, nil},
		{"nokia", []string{"Ｎｏｋｉａ", "𝐍𝐨𝐤𝐢𝐚", "No\u00adkia", "Nok\u200dia"}, []string{"Nok\u200bia"}},
		{"ελλας", []string{"ΕΛΛΆΣ", "Ελλάς"}, nil},
		{"елка", []string{"Ёлка"}, nil},
		{"نوكيا", []string{"نُوكِيا", "نوـكيا"}, nil},
		{"हिन्दी", []string{"हिन्दी में"}, []string{"हनद"}},
		{"office", []string{"oﬃce"}, nil},
	})
}

func TestAndOrNotBindAsPromised(t *testing.T) {
	check(t, []row{
		{"nokia ericsson", []string{"Ericsson and Nokia", "nokia|ericsson"}, []string{"nokia", "ericsson"}},
		{"a OR b AND c", []string{"a", "b c", "a b"}, []string{"b", "c"}},
		{"a AND b OR c", []string{"a b", "c"}, []string{"a", "b"}},
		{"(a OR b) AND c", []string{"a c", "b c"}, []string{"a", "a b", "c"}},
		{"a OR b c", []string{"a", "b c"}, []string{"b", "c"}},
		{"NOT a b", []string{"b"}, []string{"a b", "a", "c"}},
		{"b NOT a OR c", []string{"b", "c a"}, []string{"b a"}},
		{"nokia NOT (tyres OR tires)", []string{"nokia"}, []string{"nokia tyres", "nokia tires"}},
		{"NOT (nokia OR ericsson) AND huawei", []string{"huawei"}, []string{"huawei nokia", "x"}},
		{"nokia AND NOT tyres", []string{"nokia"}, []string{"nokia tyres"}},
		{"nokia NOT NOT phone", []string{"nokia phone"}, []string{"nokia"}},
		{"NOT NOT nokia", []string{"nokia"}, []string{"x"}},
		{"NOT (NOT nokia)", []string{"nokia"}, []string{"x"}},
		{"nokia OR NOT phone", []string{"nokia phone", "x", ""}, []string{"phone"}},
		{"nokia and ericsson", []string{"ericsson and nokia"}, []string{"nokia ericsson"}},
		{`nokia "AND" ericsson`, []string{"nokia and ericsson"}, []string{"nokia ericsson"}},
		{"((nokia))", []string{"nokia"}, []string{"x"}},
		{"(a)(b)", []string{"b a"}, []string{"a"}},
		{`nokia"bell labs"`, []string{"bell labs nokia"}, []string{"nokia"}},
		{"（诺基亚　OR　nokia）", []string{"nokia", "诺基亚"}, []string{"x"}},
	})
}

func TestPhrasesAreWordsInARow(t *testing.T) {
	check(t, []row{
		{`"bell labs"`, []string{"Bell Labs", "Bell-Labs", "Bell  Labs’", "at Bell Labs's"}, []string{"labs bell", "bell the labs", "bells labs", "bell|labs", "doorbell labs"}},
		{"“bell labs”", []string{"Bell Labs"}, []string{"labs bell"}},
		{`"a a b"`, []string{"a a a b"}, []string{"a b a b"}},
		{`"the new york times"`, []string{"The New York Times"}, []string{"the york new times"}},
		{`" nokia "`, []string{"nokia"}, nil},
	})
}

func TestAQuotedTermKeepsItsSymbols(t *testing.T) {
	check(t, []row{
		{`"C++"`, []string{"Learn C++ today", "c++", "(C++)", "C++11"}, []string{"C", "vitamin C", "C#", "C+"}},
		{`"C#"`, []string{"C# 12"}, []string{"C++", "C"}},
		{`"AT&T"`, []string{"AT&T rises", "at&t", "AT＆T"}, []string{"AT T", "at t", "AT and T"}},
		{`"(c)"`, []string{"(c) 2024", "Nokia(C)"}, []string{"c", "plan c"}},
		{`"(nokia)"`, []string{"see (nokia) here"}, []string{"nokia", "(nokia phones)"}},
		{`"Yahoo!"`, []string{"Yahoo! is back", "yahoo!!"}, []string{"Yahoo is back"}},
		{`"$NOK"`, []string{"buy $NOK now", "$nok"}, []string{"NOK 100", "NOK"}},
		{`".NET"`, []string{".NET 9", "ASP.NET"}, []string{"net", "a net"}},
		{`"marks & spencer"`, []string{"Marks & Spencer"}, []string{"marks spencer", "marks and spencer"}},
		{`"coca-cola"`, []string{"Coca-Cola", "Coca‑Cola"}, []string{"coca cola"}},
		{`"hello, world"`, []string{"Hello, world!"}, []string{"hello world"}},
		{`"nok*"`, []string{"a nok* b"}, []string{"nokia", "nok"}},
		{`"what?"`, []string{"what? no"}, []string{"what no", "whats"}},
		{"AT&T", []string{"AT&T"}, []string{"at t"}},
		{"C++", []string{"C++"}, []string{"plan C"}},
		{"nokia,", []string{"nokia"}, nil},
		{"#nokia", []string{"nokia", "#nokia"}, nil},
		{`"#nokia"`, []string{"#nokia"}, []string{"nokia"}},
	})
}

func TestSymbolsAloneAreFoundAnywhere(t *testing.T) {
	check(t, []row{
		{"👍", []string{"good👍", "👍👍", "|body 👍"}, []string{"👎", ""}},
		{"nokia 👎", []string{"nokia 👎"}, []string{"nokia 👍", "👎"}},
		{`"++"`, []string{"C++"}, []string{"C+"}},
		{`"❤️"`, []string{"I ❤ Nokia", "❤️"}, nil},
		{"title:👍", []string{"👍"}, []string{"|👍"}},
		{"nokia NEAR/2 👍", []string{"nokia 👍", "👍 the nokia"}, []string{"nokia a b c 👍"}},
	})
}

func TestWildcards(t *testing.T) {
	check(t, []row{
		{"nok*", []string{"Nokia", "nok", "Nokian", "NOKIA's", "nok's"}, []string{"no", "pinok", "n o k"}},
		{"colo?r", []string{"colour", "coloür"}, []string{"color", "colouur"}},
		{"nokia?", []string{"nokian"}, []string{"nokia", "nokia's"}},
		{"?okia", []string{"nokia", "Žokia"}, []string{"okia", "nnokia"}},
		{"n??ia", []string{"nokia"}, []string{"nia", "noia"}},
		{"n?k*", []string{"nokia", "nuk"}, []string{"nk"}},
		{"=Nok*", []string{"Nokia"}, []string{"nokia", "NOKIA"}},
		{"coca-col*", []string{"coca cola", "Coca-Colas"}, []string{"coca", "cola"}},
		{"phone* NOT iphone", []string{"phones"}, []string{"iphone", "phones iphone"}},
		{"小米*", []string{"小米手机"}, []string{"小"}},
		{"éc*", []string{"Ecole", "école"}, nil},
	})
}

func TestNearCountsWordsInEitherOrder(t *testing.T) {
	check(t, []row{
		{"nokia NEAR/1 profit", []string{"nokia profit", "profit: Nokia", "Nokia's profit"}, []string{"nokia net profit", "nokia|profit"}},
		{"nokia NEAR/2 profit", []string{"nokia net profit"}, []string{"Nokia third quarter gross trading profit"}},
		{`nokia NEAR/3 "gross margin"`, []string{"Nokia says gross margin up", "gross margin of the nokia"}, []string{"nokia says that its gross margin", "gross nokia margin"}},
		{`"bell labs" NEAR/2 "nokia siemens"`, []string{"nokia siemens bell labs", "bell labs and nokia siemens"}, []string{"bell labs a b nokia siemens"}},
		{"nokia NEAR/3 nokia", []string{"nokia or nokia"}, []string{"nokia"}},
		{"a NEAR/1 b NEAR/1 c", []string{"a b c", "c b a", "a x b a c b a"}, []string{"b a c", "a b x c b"}},
		{"nokia NEAR/5 =Apple", []string{"nokia and Apple"}, []string{"nokia and apple"}},
		{"nok* NEAR/2 profit*", []string{"Nokian profits"}, []string{"nokian a b profits"}},
		{"nokia NEAR/99999999999999 profit", []string{"nokia a b c d e f g h profit"}, []string{"nokia|profit"}},
		{"NOT a NEAR/1 b AND c", []string{"c a x b", "c"}, []string{"c a b"}},
		{"c NOT (a NEAR/1 b)", []string{"c a x b"}, []string{"c b a"}},
		{"title:(a NEAR/2 b)", []string{"a x b|"}, []string{"|a b", "a|b"}},
		{"诺基亚 NEAR/9 手机", []string{"诺基亚发布新手机"}, []string{"诺基亚"}},
	})
}

func TestTitleLooksInTheTitleAlone(t *testing.T) {
	check(t, []row{
		{"title:nokia", []string{"nokia|x"}, []string{"x|nokia", "|nokia"}},
		{"title: nokia", []string{"nokia"}, []string{"|nokia"}},
		{"Title:nokia", []string{"nokia"}, []string{"|nokia"}},
		{"title:(nokia NOT tyres)", []string{"Nokia news|tyres"}, []string{"Nokia tyres", "|nokia"}},
		{"title:(a OR b) c", []string{"a|c", "b c"}, []string{"c|a", "a"}},
		{`title:"bell labs"`, []string{"bell labs"}, []string{"bell|labs", "|bell labs"}},
		{"title:=Apple", []string{"Apple"}, []string{"apple", "|Apple"}},
		{"nokia NOT title:tyres", []string{"nokia|tyres"}, []string{"tyres|nokia"}},
		{"title:(title:nokia)", []string{"nokia"}, []string{"|nokia"}},
		{"title:诺基亚", []string{"新诺基亚"}, []string{"|诺基亚"}},
	})
}

func TestExactTermsKeepCaseAndDiacritics(t *testing.T) {
	check(t, []row{
		{"=Apple", []string{"Apple rises", "Apple's"}, []string{"apple", "APPLE"}},
		{`="Bell Labs"`, []string{"Bell Labs"}, []string{"bell labs", "Bell labs"}},
		{"=Škoda", []string{"Škoda", "S\u030ckoda"}, []string{"Skoda", "škoda"}},
		{"=Visa OR =Mastercard", []string{"a Visa card", "Mastercard"}, []string{"visa rules for tourists"}},
		{`="AT&T"`, []string{"AT&T"}, []string{"at&t"}},
		{"=McDonald's", []string{"McDonald’s"}, []string{"mcdonald's", "Mcdonald's"}},
		{"NOT =apple apple", []string{"Apple"}, []string{"apple"}},
	})
}

func TestScriptsWithoutSpacesMatchAsSubstrings(t *testing.T) {
	check(t, []row{
		{"诺基亚", []string{"新诺基亚手机", "诺基亚"}, []string{"诺基 亚", "诺基", "诺亚基"}},
		{"小米 NOT 汽车", []string{"小米手机"}, []string{"小米汽车降价"}},
		{"ノキア", []string{"フィンランドのノキアは", "ﾉｷｱ"}, []string{"ノキ"}},
		{"ガラケー", []string{"ガラケー", "ｶﾞﾗｹｰ", "カ\u3099ラケー"}, []string{"カラケー"}},
		{"삼성", []string{"삼성전자는", "\u1109\u1161\u11b7\u1109\u1165\u11bc"}, []string{"삼"}},
		{"โนเกีย", []string{"มือถือโนเกียรุ่นใหม่"}, []string{"โนเกย"}},
		{"nokia", []string{"Nokia手机", "新Nokia", "Nokia는", "มือถือNokiaรุ่น"}, nil},
		{"5G手机", []string{"买5G手机吧"}, []string{"5G 手机", "15G手机"}},
		{`"诺基亚 手机"`, []string{"诺基亚手机", "诺基亚 手机"}, []string{"诺基亚新手机"}},
	})
}

func TestRefusalsPointAtTheColumn(t *testing.T) {
	for query, column := range map[string]int{
		"":                          1,
		"   ":                       1,
		`""`:                        1,
		`nokia ""`:                  7,
		`nokia "  "`:                7,
		"()":                        1,
		"a ()":                      3,
		"title:()":                  7,
		"((nokia)":                  1,
		"a (b OR (c)":               3,
		"nokia)":                    6,
		`"nokia`:                    1,
		`nokia "bell labs`:          7,
		`ää "x`:                     4,
		"OR nokia":                  1,
		"AND":                       1,
		"NOT":                       1,
		"nokia OR":                  7,
		"nokia AND":                 7,
		"nokia NOT":                 7,
		"nokia AND OR b":            11,
		"(nokia OR)":                8,
		"(AND a)":                   2,
		"*":                         1,
		"nokia *":                   7,
		"*kia":                      1,
		"no*ia":                     3,
		"no**":                      3,
		"5*":                        2,
		"?":                         1,
		"a ???":                     3,
		"nokia NEAR profit":         11,
		"nokia NEAR/ profit":        11,
		"nokia NEAR/0 profit":       12,
		"nokia NEAR/-1 profit":      12,
		"nokia NEAR/x profit":       12,
		"nokia NEAR/1.5 profit":     12,
		"nokia NEAR/3":              7,
		"NEAR/3 nokia":              1,
		"nokia NEAR/3 (a OR b)":     14,
		"(a OR b) NEAR/3 c":         1,
		"(a) NEAR/3 c":              1,
		"a NEAR/3 NOT b":            10,
		"a NEAR/3 title:b":          10,
		"title:a NEAR/3 b":          1,
		"NOT nokia":                 1,
		"NOT a NOT b":               1,
		"NOT a AND NOT b":           1,
		"NOT a OR NOT b":            1,
		"NOT (a OR b)":              1,
		"(NOT nokia)":               2,
		"title:(NOT nokia)":         8,
		"NOT (a NEAR/3 b)":          1,
		"nokia sight:bbc.com":       7,
		"nokia site:":               7,
		"nokia site:(":              12,
		"nokia site:()":             12,
		"nokia site:https://a.b/c":  12,
		"nokia site:a*":             12,
		"nokia site:(a.fi b.fi)":    18,
		"nokia lang:suomi":          12,
		"nokia lang:pt-BR":          12,
		"nokia lang:(fi sv)":        16,
		"nokia lang:(fi AND sv)":    20,
		"nokia lang:(fi OR)":        16,
		"nokia lang:(fi title:sv)":  16,
		"nokia lang:(fi NEAR/2 sv)": 16,
		"nokia country:UK":          15,
		"nokia country:Finland":     15,
		"nokia country:=FI":         16,
		"title:(nokia site:a.fi)":   14,
		"nokia NEAR/3 site:a.fi":    19,
		"site:a.fi NEAR/3 nokia":    6,
		"site:a.fi":                 6,
		"lang:fi country:FI":        6,
		"lang:fi NOT nokia":         6,
		"NOT site:a.fi":             1,
		"=":                         1,
		"= nokia":                   1,
		"a =(b)":                    3,
		`=""`:                       2,
		"title:":                    1,
		"nokia -tyres":              7,
		"nokia & ericsson":          7,
		"nokia || ericsson":         7,
		"nokia , ericsson":          7,
		strings.Repeat("(", 200):    101,
		strings.Repeat("a ", 10000): maxQueryRunes + 1,
	} {
		_, err := Compile(query)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: not refused (%v)", query, err)
			continue
		}
		if syntax.Column != column {
			t.Errorf("%.40q: column %d, want %d (%s)", query, syntax.Column, column, syntax.Msg)
		}
		if len(syntax.Msg) < 20 {
			t.Errorf("%.40q: the message says too little: %q", query, syntax.Msg)
		}
	}
}

func TestFieldsAskWhoPublishedInWhichLanguageAndWhere(t *testing.T) {
	bbc := Text{Title: "Nokia rises", Site: "news.bbc.co.uk", Language: "en", Country: "GB"}
	unknown := Text{Title: "Nokia rises"}
	for _, c := range []struct {
		query string
		text  Text
		want  bool
	}{
		{"nokia site:bbc.co.uk", bbc, true},
		{"nokia site:news.bbc.co.uk", bbc, true},
		{"nokia SITE:www.BBC.co.uk", bbc, true},
		{"nokia site:uk", bbc, true},
		{"nokia site:c.co.uk", bbc, false},
		{"nokia site:old.news.bbc.co.uk", bbc, false},
		{"nokia NOT site:bbc.co.uk", bbc, false},
		{"nokia NOT site:yle.fi", bbc, true},
		{"nokia site:(yle.fi OR bbc.co.uk)", bbc, true},
		{"nokia site:(bbc.co.uk NOT news.bbc.co.uk)", bbc, false},
		{`nokia site:"bbc.co.uk"`, bbc, true},
		{"nokia lang:en", bbc, true},
		{"nokia lang:EN", bbc, true},
		{"nokia lang:eng", bbc, true},
		{"nokia lang:(fi OR sv)", bbc, false},
		{"nokia lang:(NOT fi)", bbc, true},
		{"nokia country:gb", bbc, true},
		{"nokia country:(FI OR GB)", bbc, true},
		{"nokia country:NO", bbc, false},
		{"nokia (lang:fi OR country:GB)", bbc, true},
		{"tyres OR (nokia country:GB)", bbc, true},
		{"tyres OR site:bbc.co.uk", bbc, true},
		{"nokia site:bbc.co.uk", unknown, false},
		{"nokia lang:en", unknown, false},
		{"nokia NOT lang:en", unknown, true},
		{"nokia NOT country:GB", unknown, true},
		{"nokia lang:no", Text{Title: "Nokia", Language: "nb"}, true},
		{"nokia lang:nn", Text{Title: "Nokia", Language: "no"}, true},
		{"nokia lang:cmn", Text{Title: "Nokia", Language: "zh"}, true},
		{"nokia site:münchen.de", Text{Title: "Nokia", Site: "xn--mnchen-3ya.de"}, true},
		{"nokia site:münchen.de", Text{Title: "Nokia", Site: "a.münchen.de"}, true},
	} {
		q, err := Compile(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		spans, ok := q.MatchText(c.text)
		if ok != c.want {
			t.Errorf("%s on %+v: match is %v", c.query, c.text, ok)
		}
		if len(spans) > 1 {
			t.Errorf("%s: a field has no place in the text, and spans are %v", c.query, spans)
		}
	}
}

func TestAFieldWrittenWronglyIsAnsweredWithTheOneThatWasMeant(t *testing.T) {
	for query, want := range map[string]string{
		"nokia sight:bbc.com":      "site:",
		"nokia sit:bbc.com":        "did you mean site:?",
		"nokia language:fi":        "did you mean lang:?",
		"nokia contry:FI":          "did you mean country:?",
		"nokia country:UK":         "country:GB",
		"nokia country:Finland":    "country:FI",
		"nokia lang:pt-BR":         "lang:pt",
		"nokia lang:(fi sv)":       "lang:(fi OR sv)",
		"nokia site:https://a.b/c": "site:a.b",
	} {
		if _, err := Compile(query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a word of %s", query, err, want)
		}
	}
}

func TestABroadQueryIsKnownAsSuch(t *testing.T) {
	for query, want := range map[string]bool{
		"nokia": false, "nokia NOT tyres": false, "nokia OR NOT tyres": true, "NOT NOT nokia": false,
		"(a OR NOT b) c": false, "👍": false, "a OR NOT (b NEAR/2 c)": true, "a NEAR/2 b": false,
	} {
		q, err := Compile(query)
		if err != nil {
			t.Fatal(query, err)
		}
		if q.Broad() != want {
			t.Errorf("%s: broad is %v, want %v", query, !want, want)
		}
	}
}
