package charts

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A word cloud is laid out for a few frames, each of a size in pixels. A frame
// that is larger is drawn with larger type, in steps (see [pulseMedia]), and
// nothing in it ever comes closer.

// layout is how words stand in a frame: in a column for each part of the
// window, or in a row for each, where the frame is narrow.
type layout struct {
	name          string
	width, height float64
	rows          bool
	sizes         [6]float64 // of type, in pixels
	time          float64    // size of the times
	margin        float64    // pixels that the times take
	query         tree       // of the charts that it is for
	steps         []float64  // in which type grows with the chart, as multiples of sizes
}

// leastLargest is the least that the largest salience is taken for: where
// nothing stands out, nothing is large.
const leastLargest = 3.6

// sizes are how many sizes of type there are, smallest first.
var sizes = [6]float64{0, 0.34, 0.44, 0.55, 0.68, 0.84} // least share of the largest salience

const (
	bolder  = 3    // sizes from here on are bold
	leading = 1.08 // em from one line of a word to the next
	apart   = 0.2  // em between words above each other
	wordGap = 0.6  // em between words of one line
	slack   = 1.04 // what texts may be wider than they are taken for
)

// layouts are all of them; each is for the charts that its query is for and the
// next ones' are not.
var layouts = [...]layout{
	{"small", 340, 230, true, [6]float64{9, 9.5, 10.5, 11.5, 12.5, 14}, 10, 54, tree{"minWidth": 0}, []float64{0.7, 0.85, 1, 1.2, 1.5, 2}},
	{"column", 860, 390, false, [6]float64{12, 14.5, 18, 23, 29, 36}, 12, 26, tree{"minWidth": 640, "minHeight": 270}, []float64{0.68, 0.75, 0.82, 0.9, 1, 1.1, 1.2, 1.3, 1.42}},
	{"phone", 340, 560, true, [6]float64{12, 13.5, 15.5, 18, 21.5, 26}, 12, 64, tree{"maxWidth": 639, "minHeight": 400}, []float64{0.7, 0.85, 1, 1.15, 1.3, 1.5, 1.8}},
	{"wide", 1300, 400, false, [6]float64{14, 17, 21, 27, 34, 42}, 12, 26, tree{"minWidth": 1230, "minHeight": 380}, []float64{0.94, 1, 1.1, 1.25, 1.4, 1.6, 1.8, 2.1, 2.4, 2.8, 3.3, 4, 5, 6}},
}

// word is a topic of one part of the window, as it is drawn.
type word struct {
	row   Row
	text  string // with its sign; two lines where it is long
	color string
	step  int // of its mood
	size  int // of type
}

func (w *word) lines() []string { return strings.Split(w.text, "\n") }

// measure gives the room that a word takes in a layout, in pixels; in rows it
// has one line.
func (l *layout) measure(w *word) (width, height float64) {
	size := l.sizes[w.size]
	if l.rows {
		return textWidth(strings.ReplaceAll(w.text, "\n", " "), w.size >= bolder) * size * slack, size * (leading + apart)
	}
	lines := w.lines()
	for _, line := range lines {
		width = max(width, textWidth(line, w.size >= bolder)*size*slack)
	}
	return width, size * (leading*float64(len(lines)) + apart)
}

func wordOf(w *Words, r Row) word {
	word := word{row: r, text: r.title, color: role("quiet"), step: moodStep(0)}
	if r.tally.Mentions() >= few {
		m := whole(r.tally.Mood())
		word.step = moodStep(m)
		word.color = wordRole(m)
		switch {
		case word.step > 4:
			word.text = "+\u2009" + word.text
		case word.step < 4:
			word.text = minus + "\u2009" + word.text
		}
	}
	return word
}

// size gives words the size of their salience, and breaks or cuts those that
// are wider than a column.
func size(words [][]word, columns int) {
	most := leastLargest
	for i := range words {
		for _, w := range words[i] {
			most = max(most, w.row.extra.weight)
		}
	}
	most = roundSalience(most)
	l := &layouts[1]
	room := l.width/float64(max(columns, 1)) - 8
	for i := range words {
		for j := range words[i] {
			w := &words[i][j]
			for n := range sizes {
				if w.row.extra.weight >= sizes[n]*most {
					w.size = n
				}
			}
			w.fit(l, room)
		}
	}
}

// roundSalience is the next of 3.6, 4.5, 5.7, 7.2, 9, …: the largest
// salience changes seldom, and with it the sizes of all words.
func roundSalience(x float64) float64 {
	return leastLargest * math.Pow(2, math.Ceil(3*math.Log2(x/leastLargest)-1e-9)/3)
}

// fit makes a word fit into a column: in two lines, smaller by a size or two,
// or cut.
func (w *word) fit(l *layout, room float64) {
	whole := w.text
	for {
		for _, text := range []string{whole, broken(whole)} {
			w.text = text
			if width, _ := l.measure(w); width <= room {
				return
			}
		}
		if w.size == 0 {
			break
		}
		w.size--
	}
	lines := strings.Split(broken(whole), "\n")
	for i, line := range lines {
		lines[i] = cut(line, room/(l.sizes[0]*slack))
	}
	w.text = strings.Join(lines, "\n")
}

// broken parts a text at the space next to its middle.
func broken(text string) string {
	best, middle := -1, len(text)/2
	for i := range len(text) {
		if text[i] == ' ' && (best < 0 || max(i-middle, middle-i) < max(best-middle, middle-best)) {
			best = i
		}
	}
	if best < 0 {
		return text
	}
	return text[:best] + "\n" + text[best+1:]
}

// cut shortens a line to a width in em.
func cut(line string, room float64) string {
	if textWidth(line, false) <= room {
		return line
	}
	runes := []rune(line)
	for len(runes) > 1 && textWidth(string(runes)+"…", false) > room {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

// spot is the middle of a word, in pixels of its layout.
type spot struct {
	x, y float64
	seen bool
}

// placed is where the words of each part stand.
type placed struct {
	layout *layout
	slots  int
	spots  [][]spot
}

// of gives a word's place as the axes of its layout have it.
func (p placed) of(slot, word int) []any {
	at := p.spots[slot][word]
	if !at.seen {
		return []any{gap, gap}
	}
	return p.layout.axes(at.x, at.y, p.slots)
}

// axes turns pixels into what the axes of a layout count: parts of the window
// along the one, shares of the frame along the other.
func (l *layout) axes(x, y float64, slots int) []any {
	along, across := x/l.width, y/l.height
	if l.rows {
		across *= float64(slots)
	} else {
		along *= float64(slots)
	}
	return []any{roundTo(along, 4), roundTo(across, 4)}
}

// label is where the time of a part stands.
func (l *layout) label(slot, slots int) []any {
	middle := (float64(slot) + 0.5) / float64(slots)
	if l.rows {
		return l.axes(l.margin/2-2, middle*l.height, slots)
	}
	return l.axes(middle*l.width, l.height-l.margin/2+4, slots)
}

// place finds a place for all words that have room.
func (l *layout) place(words [][]word) placed {
	p := placed{layout: l, slots: len(words), spots: make([][]spot, len(words))}
	for i := range words {
		p.spots[i] = make([]spot, len(words[i]))
		if l.rows {
			l.row(words[i], i, len(words), p.spots[i])
		} else {
			l.column(words[i], i, len(words), p.spots[i])
		}
	}
	return p
}

// line is words side by side.
type line struct {
	words         []int
	widths        []float64
	width, height float64
}

// column stacks words, the best liked on top. The least salient ones are left
// out where there is no room for all.
func (l *layout) column(words []word, slot, slots int, spots []spot) {
	room, height := l.width/float64(slots)-8, l.height-l.margin-6
	for n := len(words); n > 0; n-- {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			x, y := &words[a], &words[b]
			return cmp.Or(cmp.Compare(y.step, x.step), cmp.Compare(y.size, x.size), cmp.Compare(x.row.Key, y.row.Key))
		})
		lines, all := l.lines(words, order, room)
		if all > height {
			continue
		}
		y := 3 + (height-all)/2
		for _, line := range lines {
			x := (float64(slot)+0.5)*l.width/float64(slots) - line.width/2
			for k, i := range line.words {
				spots[i] = spot{x + line.widths[k]/2, y + line.height/2, true}
				x += line.widths[k] + l.gap(&words[i])
			}
			y += line.height
		}
		return
	}
}

func (l *layout) gap(w *word) float64 { return wordGap * l.sizes[w.size] }

// lines fills lines with words in an order, and gives the height of all.
func (l *layout) lines(words []word, order []int, room float64) (lines []line, all float64) {
	for _, i := range order {
		w := &words[i]
		width, height := l.measure(w)
		if k := len(lines) - 1; k >= 0 {
			at := &lines[k]
			last := &words[at.words[len(at.words)-1]]
			if more := at.width + l.gap(last) + width; more <= room && last.size == w.size && last.step == w.step && len(last.lines()) == 1 && len(w.lines()) == 1 {
				at.words, at.widths, at.width = append(at.words, i), append(at.widths, width), more
				if height > at.height {
					all += height - at.height
					at.height = height
				}
				continue
			}
		}
		lines = append(lines, line{[]int{i}, []float64{width}, width, height})
		all += height
	}
	return lines, all
}

// row sets words beside each other, the largest first.
func (l *layout) row(words []word, slot, slots int, spots []spot) {
	height := l.height / float64(slots)
	room := l.width - l.margin - 4
	for n := len(words); n > 0; n-- {
		var lines []line
		all := 0.0
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(words[b].size, words[a].size), cmp.Compare(words[a].row.Key, words[b].row.Key))
		})
		for _, i := range order {
			w, h := l.measure(&words[i])
			if w > room {
				continue
			}
			if k := len(lines) - 1; k >= 0 && lines[k].width+l.gap(&words[i])+w <= room {
				at := &lines[k]
				at.words, at.widths, at.width = append(at.words, i), append(at.widths, w), at.width+l.gap(&words[i])+w
				if h > at.height {
					all += h - at.height
					at.height = h
				}
				continue
			}
			lines = append(lines, line{[]int{i}, []float64{w}, w, h})
			all += h
		}
		if all > height-2 && n > 1 {
			continue
		}
		y := float64(slot)*height + (height-all)/2
		for _, line := range lines {
			x := l.margin
			for k, i := range line.words {
				if k > 0 {
					x += l.gap(&words[i])
				}
				spots[i] = spot{x + line.widths[k]/2, y + line.height/2, true}
				x += line.widths[k]
			}
			y += line.height
		}
		return
	}
}
