package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// box is where a word is drawn, in pixels of its layout.
type box struct {
	name                     string
	left, top, right, bottom float64
}

// boxes reads an option as ECharts would: the words of the layout at a place,
// with the size that its series has in it, and the times.
func boxes(t *testing.T, o Option, place int) (list []box, frame layout) {
	t.Helper()
	var v struct {
		Series []struct {
			ID   string
			Data []struct {
				Name, Title string
				Value       []any
			}
		}
		Media []struct {
			Query  map[string]int
			Option struct {
				Series []struct {
					ID     string
					Encode *struct{ X, Y int }
					Label  struct {
						FontSize, LineHeight float64
						Formatter            string
					}
				}
				XAxis, YAxis []struct{ Max float64 }
			}
		}
	}
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	frame = layouts[place]
	i := slices.IndexFunc(v.Media, func(m struct {
		Query  map[string]int
		Option struct {
			Series []struct {
				ID     string
				Encode *struct{ X, Y int }
				Label  struct {
					FontSize, LineHeight float64
					Formatter            string
				}
			}
			XAxis, YAxis []struct{ Max float64 }
		}
	}) bool {
		return len(m.Option.Series) > 0 && m.Option.Series[0].Encode != nil && m.Option.Series[0].Encode.X == 2*place
	})
	if i < 0 {
		t.Fatalf("no media query has the layout %s", frame.name)
	}
	form := v.Media[i].Option
	times := frame.steps[0] // the type of this query is that of its smallest chart
	for _, look := range form.Series {
		if look.Label.FontSize <= 0 {
			t.Fatalf("%s: %s has no size", frame.name, look.ID)
		}
		for _, s := range v.Series {
			if s.ID != look.ID {
				continue
			}
			for _, p := range s.Data {
				x, ok := p.Value[look.Encode.X].(float64)
				y, ok2 := p.Value[look.Encode.Y].(float64)
				if !ok || !ok2 {
					continue
				}
				x, y = x/form.XAxis[0].Max*frame.width, y/form.YAxis[0].Max*frame.height
				size, bold := look.Label.FontSize/times, strings.Compare(s.ID, sizeID(bolder)) >= 0 && s.ID != "slots"
				text := p.Title
				if s.ID == "slots" {
					text = longestTime()
				}
				if look.Label.Formatter == "fmt:line" {
					text = strings.ReplaceAll(text, "\n", " ")
				}
				width, lines := 0.0, strings.Split(text, "\n")
				for _, l := range lines {
					width = max(width, textWidth(l, bold)*size)
				}
				height := size * leading * float64(len(lines))
				list = append(list, box{p.Name, x - width/2, y - height/2, x + width/2, y + height/2})
			}
		}
	}
	return list, frame
}

// longestTime is the widest time that a chart writes in any language.
var longestTime = sync.OnceValue(func() (longest string) {
	for _, lang := range Languages() {
		w := tongues()[lang]
		for day := range 366 {
			at := time.Date(2026, 1, 1+day, 20, 0, 0, 0, time.UTC)
			for _, form := range []phrase{w.Format.Clock, w.Format.Weekday, w.Format.Day} {
				if text := w.at(form, at); textWidth(text, false) > textWidth(longest, false) {
					longest = text
				}
			}
		}
	}
	return longest
})

func checkBoxes(t *testing.T, o Option) (seen int) {
	t.Helper()
	for place := range layouts {
		list, frame := boxes(t, o, place)
		for i, a := range list {
			if a.left < -0.5 || a.top < -0.5 || a.right > frame.width+0.5 || a.bottom > frame.height+0.5 {
				t.Errorf("%s: %q is beyond the frame: %+v", frame.name, a.name, a)
			}
			for _, b := range list[:i] {
				if a.left < b.right-0.5 && b.left < a.right-0.5 && a.top < b.bottom-0.5 && b.top < a.bottom-0.5 {
					t.Errorf("%s: %q and %q lie over each other: %+v %+v", frame.name, a.name, b.name, a, b)
				}
			}
		}
		seen += len(list)
	}
	return seen
}

var scriptWords = []string{
	"5G", "EU", "iPhone 14", "layoffs", "quarterly results", "Donaudampfschifffahrtsgesellschaftskapitän", "a very long phrase that nobody would call a topic at all",
	"الشرق الأوسط", "هواوي", "מחאה בתל אביב", "数据中心", "半導体", "スタートアップ", "구조조정", "санкции против России", "Τηλεπικοινωνίες", "ประเทศไทย", "मोबाइल नेटवर्क",
	"W", "WWWWWWWWWWWWWWWWWWWWWWWW", "👩‍👩‍👧", "ﷺ", "Ümlaut-Größe", "\u202eevil", "a\nb", "İstanbul", "x",
}

// anyPulse is a board with words of all scripts, sizes and moods.
func anyPulse(r *rand.Rand, window string) *mood.Board {
	b := fullBoard(window, nokia)
	bb := b.Brands["nokia"]
	bb.Pulse = nil
	n := 1 + r.IntN(12)
	for i := range n {
		slot := mood.PulseSlot{From: b.From.Add(time.Duration(i) * time.Hour), To: b.From.Add(time.Duration(i+1) * time.Hour)}
		for range r.IntN(mood.MostPulse + 4) {
			key := scriptWords[r.IntN(len(scriptWords))]
			if r.IntN(2) == 0 {
				key = strings.Repeat(string(rune('a'+r.IntN(26))), 1+r.IntN(14)) + fmt.Sprint(r.IntN(50))
			}
			if slices.ContainsFunc(slot.Topics, func(t mood.Row) bool { return t.Key == key }) {
				continue
			}
			row := mood.RowOf(key, draw(r, 1+20*r.Float64()*r.Float64(), 2*r.Float64()-1))
			row.Salience = math.Round(120*math.Pow(r.Float64(), 3)) / 10
			slot.Topics = append(slot.Topics, row)
		}
		bb.Pulse = append(bb.Pulse, slot)
	}
	return b
}

func optionOf(t *testing.T, id string, b *mood.Board) Option {
	t.Helper()
	c, _ := Find(id)
	o, err := c.Option(c.Table(b))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWordsOfACloudNeverOverlapAndStayInTheirFrame(t *testing.T) {
	r := newRand(21, 4)
	seen := 0
	for range 80 {
		for _, window := range []string{"24h", "30d"} {
			seen += checkBoxes(t, optionOf(t, "pulse", anyPulse(r, window)))
			if t.Failed() {
				return
			}
		}
	}
	if seen < 10_000 {
		t.Errorf("only %d words were looked at", seen)
	}
	for name, b := range boards() {
		checkBoxes(t, optionOf(t, "pulse", b))
		if t.Failed() {
			t.Fatalf("board %s", name)
		}
	}
}

func TestTheMostSalientWordIsShownInEveryLayout(t *testing.T) {
	r := newRand(8, 8)
	for range 40 {
		b := anyPulse(r, "7d")
		o := optionOf(t, "pulse", b)
		for place := range layouts {
			list, frame := boxes(t, o, place)
			for _, slot := range b.Brands["nokia"].Pulse {
				best := mood.Row{}
				for _, row := range slot.Topics {
					if row.Mentions > 0 && row.Salience > best.Salience {
						best = row
					}
				}
				name := viewOf(b, nil).stamp(slot.From) + " "
				shows := slices.ContainsFunc(list, func(x box) bool { return strings.HasPrefix(x.name, name) })
				if best.Key != "" && !shows && !frame.rows {
					t.Errorf("%s: nothing is shown of the part of %s, where %q has %.1f", frame.name, name, best.Key, best.Salience)
				}
			}
		}
	}
}

func TestDeltasOfACloudLeadToWhatComesNext(t *testing.T) {
	r := newRand(31, 2)
	before := optionOf(t, "pulse", anyPulse(r, "24h"))
	for range 200 {
		b := anyPulse(r, "24h")
		after := optionOf(t, "pulse", b)
		d, err := Diff(before, after)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Apply(before, d)
		if err != nil || string(got) != string(after) {
			t.Fatalf("a delta leads elsewhere (%v)", err)
		}
		if again, err := Apply(got, d); err != nil || string(again) != string(after) {
			t.Fatalf("a second time it leads on (%v)", err)
		}
		before = after
	}
}

// One more mention changes the words of its own part of the window, and no
// others.
func TestOneMoreMentionMovesNoOtherColumn(t *testing.T) {
	b := fullBoard("24h", nokia)
	before := optionOf(t, "pulse", b)
	last := &b.Brands["nokia"].Pulse[8].Topics[1]
	tally := last.Tally()
	tally.Negative++
	row := mood.RowOf(last.Key, tally)
	row.Salience = last.Salience + 0.3
	*last = row
	d, err := Diff(before, optionOf(t, "pulse", b))
	if err != nil || d.Empty() {
		t.Fatalf("nothing changed (%v)", err)
	}
	slot := viewOf(b, nil).stamp(b.Brands["nokia"].Pulse[8].From)
	for _, s := range d.Set.Series {
		for _, p := range s.Points {
			if !strings.Contains(string(p), `"name":"`+slot) {
				t.Errorf("%.200s changed with a mention of %s", p, slot)
			}
		}
	}
	whole, _ := json.Marshal(d)
	if n := len(before); len(whole)*3 > n {
		t.Errorf("the change has %d bytes, the whole %d", len(whole), n)
	}
}

func TestAClickOnAWordSelectsItsMentionsOfThatTime(t *testing.T) {
	b := fullBoard("24h", nokia)
	slot := b.Brands["nokia"].Pulse[3]
	c, _ := Find("pulse")
	i := 0
	for _, row := range c.Table(b).Rows {
		if !strings.HasPrefix(row.Key, viewOf(b, nil).stamp(slot.From)) {
			continue
		}
		i++
		want := Filter{Brand: "nokia", From: utc(slot.From), To: utc(slot.To), Topic: row.Cells[1].(string)}
		if row.Filter != want {
			t.Errorf("%s selects %+v, want %+v", row.Key, row.Filter, want)
		}
	}
	if i != len(slot.Topics) || i == 0 {
		t.Errorf("%d rows of %d topics", i, len(slot.Topics))
	}
}

func TestAWordHasASignBesideItsColour(t *testing.T) {
	w := english()
	for _, c := range []struct {
		tally mood.Tally
		want  string
		color string
	}{
		{mood.Tally{Positive: 9}, "+\u2009recall", "role:word-7"},
		{mood.Tally{Negative: 9}, "−\u2009recall", "role:word-1"},
		{mood.Tally{Positive: 4, Negative: 4}, "recall", "role:word-4"},
		{mood.Tally{Negative: 2}, "recall", "role:quiet"}, // too few to judge
	} {
		if got := wordOf(w, Row{title: "recall", tally: c.tally}); got.text != c.want || got.color != c.color {
			t.Errorf("%+v is %q in %s, want %q in %s", c.tally, got.text, got.color, c.want, c.color)
		}
	}
}
