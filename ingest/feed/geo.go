package feed

import (
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// located reads where an item was sent from, as GeoRSS (simple and GML), W3C
// geo, ICBM and CAP write it. Of lines, areas and boxes it is the middle.
func located(x ext.Extensions) (lat, lon float64, ok bool) {
	if len(x) == 0 {
		return 0, 0, false
	}
	if g := x["georss"]; g != nil {
		for _, name := range [...]string{"point", "circle", "line", "polygon", "box"} {
			for _, e := range g[name] {
				if lat, lon, ok := middle(e.Value, name == "circle"); ok {
					return lat, lon, true
				}
			}
		}
		for _, where := range g["where"] {
			if lat, lon, ok := gmlMiddle(where.Children); ok {
				return lat, lon, true
			}
		}
	}
	if g := x["gml"]; g != nil {
		if lat, lon, ok := gmlMiddle(g); ok {
			return lat, lon, true
		}
	}
	if g := x["geo"]; g != nil {
		for _, pair := range [...]string{
			extValue(x, "geo", "lat") + " " + firstOf(extValue(x, "geo", "long"), extValue(x, "geo", "lon")),
			extValue(x, "geo", "lat_long"),
			extChild(x, "geo", "Point", "lat") + " " + firstOf(extChild(x, "geo", "Point", "long"), extChild(x, "geo", "Point", "lon")),
			extChild(x, "geo", "Point", "lat_long"),
		} {
			if lat, lon, ok := middle(pair, false); ok {
				return lat, lon, true
			}
		}
	}
	for _, name := range [...]string{"polygon", "circle"} { // of an alert
		for _, e := range x["cap"][name] {
			if lat, lon, ok := middle(e.Value, name == "circle"); ok {
				return lat, lon, true
			}
		}
	}
	if x["icbm"] != nil {
		return middle(extFold(x, "icbm", "latitude")+" "+extFold(x, "icbm", "longitude"), false)
	}
	return 0, 0, false
}

// maxGML bounds how deep a position may stand inside a shape.
const maxGML = 8

// gmlMiddle finds the positions inside GML shapes: Point, LineString, Polygon,
// Envelope.
func gmlMiddle(shapes map[string][]ext.Extension) (lat, lon float64, ok bool) {
	var b strings.Builder
	var walk func(map[string][]ext.Extension, int)
	walk = func(children map[string][]ext.Extension, depth int) {
		if depth > maxGML || b.Len() > maxShape {
			return
		}
		for _, name := range [...]string{"pos", "posList", "lowerCorner", "upperCorner"} {
			for _, e := range children[name] {
				b.WriteString(e.Value)
				b.WriteByte(' ')
			}
		}
		for name, list := range children {
			switch name {
			case "Point", "LineString", "Polygon", "Envelope", "exterior", "outerBoundaryIs", "LinearRing", "MultiPoint", "pointMember":
				for _, e := range list {
					walk(e.Children, depth+1)
				}
			}
		}
	}
	walk(shapes, 0)
	return middle(b.String(), false)
}

// maxShape is how much of a shape is read, in bytes.
const maxShape = 64 << 10

// middle gives the centre of the box around the pairs "lat lon lat lon …", in
// degrees of WGS 84. A circle has its radius as a third number.
func middle(s string, circle bool) (lat, lon float64, ok bool) {
	if len(s) > maxShape {
		return 0, 0, false
	}
	var low, high [2]float64
	n := 0
	for field := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == ';' }) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, 0, false
		}
		if circle && n == 2 {
			n++
			continue
		}
		axis := n % 2
		limit := [2]float64{90, 180}[axis]
		if !(v >= -limit && v <= limit) { // NaN too
			return 0, 0, false
		}
		if n < 2 {
			low[axis], high[axis] = v, v
		}
		low[axis], high[axis] = min(low[axis], v), max(high[axis], v)
		n++
	}
	if circle && n == 3 {
		n = 2
	}
	if n < 2 || n%2 != 0 {
		return 0, 0, false
	}
	lat, lon = (low[0]+high[0])/2, (low[1]+high[1])/2
	if high[1]-low[1] > 180 { // it lies across the date line
		if lon += 180; lon > 180 {
			lon -= 360
		}
	}
	// 0, 0 is what software writes when it doesn't know.
	if lat == 0 && lon == 0 {
		return 0, 0, false
	}
	return lat, lon, true
}
