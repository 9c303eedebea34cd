package charts

// A chart of rows is drawn in cards, on slides and as a thumbnail, and its
// option is the same for all of them. What depends on the room there is stands
// in its media queries: how wide names may be, and how many rows are drawn.

const (
	rowPitch   = 16  // pixels that a row needs, for its words not to touch those of the next
	moreRoom   = 20  // pixels of the line that counts the rows left out
	legendRoom = 30  // pixels of a legend above the rows
	legendLow  = 170 // pixels of height from which there is one
	legendWide = 300 // and of width
)

// nameWidths are how wide names of rows may be, by the least width of the
// chart: about a third of it, in pixels.
var nameWidths = [...]struct{ chart, name int }{{0, 100}, {360, 120}, {450, 150}, {570, 190}, {720, 240}, {900, 300}, {1080, 360}, {1400, 460}}

// namesAt are the media queries that give names their width, where the rows have
// a part of the chart's; none is narrower than least.
func namesAt(part float64, least int) []tree {
	var list []tree
	for _, w := range nameWidths {
		if w.name < least {
			continue
		}
		list = append(list, tree{
			"query": tree{"minWidth": int(float64(w.chart) / part)}, "option": tree{"yAxis": []tree{{"axisLabel": tree{"width": w.name}}}},
		})
	}
	return list
}

// rowSteps are the numbers of rows that are drawn where not all have room.
var rowSteps = [...]int{15, 12, 10, 8, 6, 5, 4, 3, 2, 1}

// roomFor are the media queries of a chart of rows. The first always holds and
// takes back what the others did when the chart was smaller or larger.
func roomFor(w *Words, rows []Row, legend bool) []tree {
	if len(rows) == 0 {
		return nil
	}
	limit := func(n int, more string, bottom int) tree {
		return tree{"yAxis": []tree{{"max": n - 1, "name": more}, {"max": n - 1}}, "grid": tree{"bottom": bottom}}
	}
	all := limit(len(rows), "", 0)
	if legend {
		merge(all, tree{"legend": tree{"show": true}, "grid": tree{"top": legendRoom}})
	}
	list := []tree{{"query": tree{"minWidth": 0}, "option": all}}
	list = append(list, namesAt(1, 0)...)
	needed := func(n, bottom int) int { // pixels of height
		h := n*rowPitch + bottom
		if legend && h+legendRoom >= legendLow {
			h += legendRoom
		}
		return h
	}
	least := needed(len(rows), 0)
	for _, n := range rowSteps {
		if n >= len(rows) {
			continue
		}
		list = append(list, tree{"query": tree{"maxHeight": least - 1}, "option": limit(n, w.Says.RowsMore.with("n", w.count(left(rows[n:]))), moreRoom)})
		least = needed(n, moreRoom)
	}
	if legend {
		for _, query := range []tree{{"maxHeight": legendLow - 1}, {"maxWidth": legendWide - 1}} {
			list = append(list, tree{"query": query, "option": tree{"legend": tree{"show": false}, "grid": tree{"top": 0}}})
		}
	}
	return list
}

// roomAbove are the media queries of rows above a scale, which takes below
// pixels: how wide names may be, and how many rows are drawn, pitch pixels each.
// Where the scale stands under the names, the line that counts the rows left out
// has room below it.
func roomAbove(w *Words, rows []Row, names []tree, pitch, below int, under bool) []tree {
	if len(rows) == 0 {
		return nil
	}
	more := 0
	if under {
		more = moreRoom
	}
	limit := func(n int, says string, bottom int) tree {
		o := tree{"yAxis": []tree{{"max": n - 1, "name": says}, {"max": n - 1}}}
		if under {
			o["grid"] = tree{"bottom": bottom}
		}
		return o
	}
	list := append([]tree{{"query": tree{"minWidth": 0}, "option": limit(len(rows), "", 0)}}, names...)
	least := len(rows)*pitch + below
	for _, n := range rowSteps {
		if n >= len(rows) {
			continue
		}
		list = append(list, tree{"query": tree{"maxHeight": least - 1}, "option": limit(n, w.Says.RowsMore.with("n", w.count(left(rows[n:]))), more)})
		least = n*pitch + below + more
	}
	return list
}

// left is how many values rows stand for: the last row may be that of all the
// rest.
func left(rows []Row) int64 {
	var n int64
	for _, r := range rows {
		n += max(1, r.extra.count)
	}
	return n
}
