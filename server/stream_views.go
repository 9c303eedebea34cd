package server

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// readSpec reads what a reader asks for. brand and window are one view; view
// may be given several times.
func (s *Server) readSpec(c echo.Context) (specs []viewSpec, ids []string, err error) {
	watched := s.watched.Load()
	p := readQuery(c, "brand", "window", "view", "charts", "after", keyParam)
	for _, v := range p.values["view"] {
		brands, window, ok := strings.Cut(v, "@")
		if !ok {
			p.refuse("view", nil, "view is %q: write brands, @ and a window, such as %s@%s.", v, list(watched.ids[:min(1, len(watched.ids))]), defaultWindow)
			continue
		}
		one := &params{values: map[string][]string{"view": {brands}, "window": {window}}}
		specs = append(specs, viewSpec{one.brands("view", watched, false), one.window("window")})
		if one.err != nil && p.err == nil {
			p.err = one.err
			p.err.Parameter = "view"
		}
	}
	if len(specs) == 0 || p.text("brand") != "" || p.text("window") != "" {
		specs = append(specs, viewSpec{p.brands("brand", watched, false), p.window("window")})
	}
	all := chartIDs()
	ids = p.words("charts")
	for _, id := range ids {
		if !slices.Contains(all, id) {
			p.refuse("charts", all, "There is no chart %q: use %s.", id, list(all))
		}
	}
	if _, given := p.values["charts"]; !given {
		ids = all
	}
	slices.SortFunc(ids, func(a, b string) int { return slices.Index(all, a) - slices.Index(all, b) })
	slices.SortFunc(specs, func(a, b viewSpec) int {
		return strings.Compare(viewKey(a.brands, a.window), viewKey(b.brands, b.window))
	})
	specs = slices.CompactFunc(specs, func(a, b viewSpec) bool {
		return viewKey(a.brands, a.window) == viewKey(b.brands, b.window)
	})
	if len(specs) > maxStreamViews {
		p.refuse("view", nil, "%d views are too many for one stream: ask for at most %d.", len(specs), maxStreamViews)
	}
	return specs, ids, p.problem()
}

// maxStreamViews is how many views one stream may show.
const maxStreamViews = 20
