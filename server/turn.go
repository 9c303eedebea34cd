package server

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"agora/charts"
	"agora/mood"
)

// Which scene of a wall is on, as a matter of the server's clock alone: as
// static/src/wall/rotation.js, so that pictures change with the live walls
// beside them. Both are held to testdata/turns.json.

const (
	usualSeconds  = 20
	fewestSeconds = 1
)

// usualScenes are what a wall shows when it isn't told.
func usualScenes() []mood.Scene {
	return []mood.Scene{
		{Show: charts.SceneOverview, Secs: 30}, {Show: charts.SceneMap, Secs: 20}, {Show: charts.SceneBrands, Secs: 20}, {Show: charts.SceneMentions, Secs: 20},
	}
}

func sceneNames() []string {
	return []string{charts.SceneOverview, charts.SceneMap, charts.SceneBrands, charts.SceneMentions}
}

// scenesOf are the scenes that have something to tell, with sane lengths; only
// is the one that the address asks for.
func scenesOf(scenes []mood.Scene, brands int, only string) []mood.Scene {
	sane := func(s mood.Scene) mood.Scene {
		if !(s.Secs > 0) { // NaN too
			s.Secs = usualSeconds
		}
		s.Secs = max(fewestSeconds, s.Secs)
		return s
	}
	if slices.Contains(sceneNames(), only) {
		for _, s := range scenes {
			if s.Show == only {
				return []mood.Scene{sane(s)}
			}
		}
		return []mood.Scene{{Show: only, Secs: usualSeconds}}
	}
	var some []mood.Scene
	for _, s := range scenes {
		if slices.Contains(sceneNames(), s.Show) {
			some = append(some, sane(s))
		}
	}
	if len(some) == 0 {
		some = usualScenes()
	}
	// One brand has nobody to stand beside.
	some = slices.DeleteFunc(some, func(s mood.Scene) bool { return s.Show == charts.SceneBrands && brands < 2 })
	if len(some) == 0 {
		return usualScenes()[:1]
	}
	return some
}

// turn is whose turn it is: a scene, and the place of its brand in the wall's
// order.
type turn struct {
	show  string
	brand int
	left  time.Duration // until the next
}

// turnAt gives all scenes with the first brand, then all with the second.
func turnAt(scenes []mood.Scene, brands int, now time.Time) turn {
	var round float64 // milliseconds
	for _, s := range scenes {
		round += s.Secs * 1000
	}
	at := float64(now.UnixMilli())
	rounds := math.Floor(at / round)
	into := at - rounds*round
	i := 0
	for i < len(scenes)-1 && into >= scenes[i].Secs*1000 {
		into -= scenes[i].Secs * 1000
		i++
	}
	t := turn{show: scenes[i].Show, left: time.Duration((scenes[i].Secs*1000 - into) * float64(time.Millisecond))}
	if brands > 0 {
		t.brand = int(math.Mod(rounds, float64(brands)))
	}
	return t
}

var quietHours = regexp.MustCompile(`^\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$`)

// isQuiet tells whether it is quiet: hours are such as 20:00-06:30, and may
// cross midnight.
func isQuiet(hours string, now time.Time, loc *time.Location) bool {
	m := quietHours.FindStringSubmatch(hours)
	if m == nil {
		return false
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // it is two digits
	from, to := number(m[1])*60+number(m[2]), number(m[3])*60+number(m[4])
	now = now.In(loc)
	at := now.Hour()*60 + now.Minute()
	if from <= to {
		return at >= from && at < to
	}
	return at >= from || at < to
}
