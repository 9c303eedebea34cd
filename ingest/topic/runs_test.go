package topic

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

// What is between the words of these is different each time, as in news.
func TestChineseWordsAreFoundWithoutADictionary(t *testing.T) {
	x := New([]mood.Brand{{ID: "nokia", Name: "Nokia", Query: "Nokia OR 诺基亚"}})
	for i, said := range []string{
		"芬兰工会反对诺基亚裁员计划", "电信设备商裁员人数创新高", "北京强调数据中心安全", "分析师看好数据中心市场", "诺基亚数据中心订单大涨", "员工抗议裁员",
		"华为也宣布裁员", "微软建设数据中心", "爱立信裁员消息传出", "谷歌数据中心用电激增",
	} {
		x.Topics(said, "", []string{"zh", "zh-CN"}[i%2])
	}
	got := x.Topics("诺基亚裁员后扩大数据中心业务", "", "zh")
	for _, want := range []string{"裁员", "数据中心"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	for _, topic := range got {
		if strings.Contains(topic, "诺基亚") || topic == "中心" || topic == "数据" {
			t.Errorf("%q has %q: the brand, or a piece of a word", got, topic)
		}
	}
}

func TestOnlyTheFirstCharactersOfARunAreCut(t *testing.T) {
	x := New(nil)
	long := strings.Repeat("数据中心", mostRun/4)
	for range 3 {
		x.Topics(long+"裁员计划", "", "zh")
	}
	for gram, want := range map[string]bool{"数据中心": true, "裁员": false, "心裁": false} {
		if seen := x.grams([]rune(gram)) > 0; seen != want {
			t.Errorf("%s is known: %t, want %t", gram, seen, want)
		}
	}
	if got := x.Topics(long+"裁员计划", "", "zh"); slices.Contains(got, "裁员") {
		t.Errorf("%q has what stands behind", got)
	}
}

func TestJapaneseWordsStandBetweenKana(t *testing.T) {
	x := New([]mood.Brand{{ID: "nokia", Name: "Nokia", Query: "Nokia OR ノキア"}})
	got := x.Topics("ノキアが半導体のスタートアップを買収へ", "", "ja")
	for _, want := range []string{"半導体", "スタートアップ", "買収"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if slices.Contains(got, "ノキア") {
		t.Errorf("%q has the brand", got)
	}
}

func TestScriptsThatCantBeCutHaveNoTopicsButLatinNames(t *testing.T) {
	if got := New(brands()).Topics("โนเกียเปิดตัวโทรศัพท์ใหม่", "โนเกียเปิดตัวโทรศัพท์ใหม่", "th"); len(got) != 0 {
		t.Errorf("pieces of Thai words: %q", got)
	}
	if got := New(brands()).Topics("诺基亚与Telefonica签约", "", "zh"); !slices.Equal(got, []string{"Telefonica"}) {
		t.Errorf("a Latin name among Han: %q", got)
	}
}

func TestRussianGreekAndKoreanHaveTopics(t *testing.T) {
	for lang, c := range map[string]struct{ title, want string }{
		"ru": {"Nokia объявила о сокращении сотрудников в Финляндии", "Финляндии"},
		"el": {"Η Nokia ανακοίνωσε απολύσεις στη Φινλανδία", "Φινλανδία"},
		"ko": {"Nokia 핀란드 공장 구조조정 발표", "구조조정"},
	} {
		if got := New(brands()).Topics(c.title, "", lang); !slices.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %q", lang, got, c.want)
		}
	}
}

func TestALongRunOfHanCostsNoMoreThanAShortOne(t *testing.T) {
	x := New(nil)
	long := strings.Repeat("数据中心安全", 5000)
	for range 3 {
		if got := x.Topics(long, long, "zh"); len(got) > MaxTopics {
			t.Errorf("%q", got)
		}
	}
	if n := x.seen.count(x.hash(factTerm, "数据中心")); n != 3 {
		t.Errorf("%v texts with the word, want 3", n)
	}
}

func TestWhatIsCommonInOneLanguageIsNotSoInAnother(t *testing.T) {
	x := New(brands())
	for i := range 3000 {
		x.Learn(fmt.Sprintf("The quiet gift number %d", i), "", "en")
		x.Learn(fmt.Sprintf("Eine stille Nachricht Nummer %d", i), "", "de")
	}
	if got := x.Topics("Nokia warnt vor Gift im Wasser", "", "de"); !slices.Contains(got, "Gift") {
		t.Errorf("German poison is taken for an English gift: %q", got)
	}
	if got := x.Topics("Nokia sends a gift and a walrus", "", "en"); slices.Contains(got, "gift") {
		t.Errorf("what every English text has is a topic: %q", got)
	}
	saved, err := x.Save()
	if err != nil {
		t.Fatal(err)
	}
	y := New(brands())
	if err := y.Load(saved); err != nil {
		t.Fatal(err)
	}
	if got := y.Topics("Nokia warnt vor Gift im Wasser", "", "de"); !slices.Contains(got, "Gift") {
		t.Errorf("after a restart: %q", got)
	}
}
