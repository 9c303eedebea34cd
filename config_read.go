package main

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/mood"
)

const (
	defaultListen = "127.0.0.1:8080"
	defaultData   = "data"
)

// topKeys are the keys of the file itself.
var topKeys = []string{
	"listen", "data", "redis", "redis_wait", "timezone", "contact", "read", "public_url", "ingest_url", "trusted_proxies",
	"brands", "sources", "fetch", "limits", "retain", "walls", "sentiment", "fonts",
	"mail", "reports", "embed", "activity",
}

// readConfig reads the text of a configuration file. The problems are in the
// order in which the file is read; with any, the Config is of no use.
func readConfig(place string, text []byte) (*Config, Problems) {
	cfg := &Config{
		Role: roleAll, Listen: defaultListen, Data: defaultData, Location: time.UTC,
		Fetch:  Fetch{Floor: 15 * time.Minute, Hosts: map[string]Manners{}},
		Limits: Limits{PushPerSecond: 1000, Streams: 2000, PicturesPerMinute: 600, Journal: 1 << 30, Texts: 512 << 20},
		Retain: Retain{Mentions: 7 * 24 * time.Hour, Texts: 7 * 24 * time.Hour, Journal: 7 * 24 * time.Hour, Days: 5 * 366 * 24 * time.Hour, Rows: 366 * 24 * time.Hour, Activity: 366 * 24 * time.Hour},

		Sentiment: Sentiment{Engine: engineBuiltin, Timeout: 10 * time.Second, Batch: 32},
	}
	doc, root := openDocument(place, text)
	fields := root.fields(topKeys)
	each := func(key string, read func(value)) {
		if v, ok := fields[key]; ok && !v.empty() {
			read(v)
		}
	}
	each("listen", func(v value) {
		if why := badListen(v.text()); why != "" {
			v.wrong(why, listenHint)
			return
		}
		cfg.Listen = v.text()
	})
	each("data", func(v value) { cfg.Data = v.text() })
	each("redis", func(v value) { cfg.Redis = readRedis(v) })
	each("redis_wait", func(v value) { cfg.RedisWait = readRedisWait(v) })
	each("timezone", func(v value) { cfg.Location = v.timezone() })
	each("contact", func(v value) { cfg.Contact = v.text() })
	each("read", func(v value) { cfg.Open = v.oneOf("login", "open") == "open" })
	each("public_url", func(v value) { cfg.PublicURL = strings.TrimRight(v.address(), "/") })
	each("ingest_url", func(v value) { cfg.IngestURL = strings.TrimRight(v.address(), "/") })
	each("trusted_proxies", func(v value) { cfg.TrustedProxies = readNetworks(v) })
	each("brands", func(v value) { cfg.Brands = readBrands(v) })
	if len(doc.problems) == 0 && len(cfg.Brands) == 0 {
		root.wrong("no brand is watched", "list at least one under brands:")
	}
	each("sources", func(v value) { cfg.Sources, cfg.Live = readSources(v, cfg.Brands) })
	each("sources", func(v value) { cfg.Brokers = readBrokers(v, idsOf(cfg)) })
	each("fetch", func(v value) { readFetch(v, &cfg.Fetch) })
	each("limits", func(v value) { readLimits(v, &cfg.Limits) })
	each("retain", func(v value) {
		readRetain(v, &cfg.Retain)
	})
	each("activity", func(v value) { cfg.Activity = readActivity(v) })
	each("walls", func(v value) { cfg.Walls = readWalls(v, cfg.Brands) })
	each("sentiment", func(v value) { readSentiment(v, &cfg.Sentiment, cfg.Brands) })
	each("fonts", func(v value) { cfg.Fonts = readFonts(v) })
	each("mail", func(v value) { cfg.Mail = readMail(v) })
	each("reports", func(v value) { cfg.Reports = readReports(v, cfg) })
	each("embed", func(v value) { cfg.Embed = readEmbed(v) })
	if len(cfg.Walls) == 0 {
		cfg.Walls = []mood.Wall{defaultWall(cfg.Brands)}
	}
	return cfg, doc.found()
}

// What windows need: 90d is compared with the 90 days before, and its topics
// with the 28 before.
const (
	leastDays = 190 * 24 * time.Hour
	leastRows = 125 * 24 * time.Hour
	mostDays  = 10 * 366 * 24 * time.Hour
)

func readRetain(v value, r *Retain) {
	fields := v.fields([]string{"mentions", "journal", "texts", "days", "rows", "activity"})
	if m, ok := fields["mentions"]; ok {
		r.Mentions = m.duration(time.Hour, 90*24*time.Hour)
	}
	if a, ok := fields["activity"]; ok {
		r.Activity = a.duration(24*time.Hour, mostDays)
	}
	if j, ok := fields["journal"]; ok {
		r.Journal = j.duration(time.Hour, 90*24*time.Hour)
	}
	if t, ok := fields["texts"]; ok {
		r.Texts = t.duration(time.Hour, 90*24*time.Hour)
	}
	for _, d := range []struct {
		key   string
		to    *time.Duration
		least time.Duration
		why   string
	}{
		{"days", &r.Days, leastDays, "the window of 90 days is compared with the 90 days before it"},
		{"rows", &r.Rows, leastRows, "the window of 90 days needs them, and its topics are compared with the 28 days before it"},
	} {
		given, ok := fields[d.key]
		if !ok {
			continue
		}
		if short, err := parseDuration(given.text()); err == nil && short < d.least {
			given.wrong(fmt.Sprintf("%s is too short: %s", given.text(), d.why), "the least is "+shortDuration(d.least))
			continue
		}
		*d.to = given.duration(d.least, mostDays)
	}
}

const listenHint = "write host:port, such as 127.0.0.1:8080, or 0.0.0.0:8080 for every network"

// badListen says what is wrong with an address to listen on.
func badListen(s string) string {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Sprintf("%q is no address to listen on", s)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Sprintf("%q has no port from 0 to 65535", s)
	}
	return ""
}

func readFetch(v value, f *Fetch) {
	fields := v.fields([]string{"floor", "allow", "hosts"})
	if floor, ok := fields["floor"]; ok {
		f.Floor = floor.duration(100*time.Millisecond, 24*time.Hour)
	}
	f.Allow = readNetworks(fields["allow"])
	hosts := fields["hosts"]
	for host, v := range hosts.fields(nil) {
		manners := Manners{Parallel: 1, Gap: time.Second}
		fields := v.fields([]string{"parallel", "gap"})
		if p, ok := fields["parallel"]; ok {
			manners.Parallel = p.number(1, 256)
		}
		if gap, ok := fields["gap"]; ok {
			manners.Gap = gap.duration(0, time.Hour)
		}
		f.Hosts[strings.ToLower(host)] = manners
	}
}

// leastTexts is what an archive of texts needs to be of use.
const leastTexts = 8 << 20

// leastJournal has room for the largest push and some more.
const leastJournal = 64 << 20

func readLimits(v value, l *Limits) {
	fields := v.fields([]string{"push_per_second", "streams", "pictures_per_minute", "journal", "texts"})
	if n, ok := fields["texts"]; ok {
		l.Texts = 0
		if n.text() != "none" {
			l.Texts = n.bytes(leastTexts, 1<<50)
		}
	}
	if n, ok := fields["journal"]; ok {
		l.Journal = n.bytes(leastJournal, 1<<50)
	}
	for key, into := range map[string]*int{
		"push_per_second": &l.PushPerSecond, "streams": &l.Streams, "pictures_per_minute": &l.PicturesPerMinute,
	} {
		if n, ok := fields[key]; ok {
			*into = n.number(1, 10_000_000)
		}
	}
}

// scenes are what a wall can show.
var scenes = []string{"overview", "map", "brands", "mentions"}

// defaultWall shows everything in turn.
func defaultWall(brands []mood.Brand) mood.Wall {
	w := mood.Wall{ID: "lobby", Window: "24h", Motion: "full"}
	for _, b := range brands {
		w.Brands = append(w.Brands, b.ID)
	}
	for _, s := range scenes {
		w.Scenes = append(w.Scenes, sceneOf(s, 20*time.Second))
	}
	w.Scenes[0] = sceneOf(scenes[0], 30*time.Second)
	return w
}

func sceneOf(show string, d time.Duration) mood.Scene {
	return mood.Scene{Show: show, For: d, Secs: d.Seconds()}
}

func readWalls(v value, brands []mood.Brand) []mood.Wall {
	var walls []mood.Wall
	taken := map[string]bool{}
	for _, item := range v.entries() {
		if w := readWall(item, brands, taken); w.ID != "" {
			taken[w.ID] = true
			walls = append(walls, w)
		}
	}
	return walls
}

func readWall(v value, brands []mood.Brand, taken map[string]bool) mood.Wall {
	wall := defaultWall(brands)
	fields := v.fields([]string{"id", "brands", "window", "scenes", "quiet", "motion"})
	if fields == nil {
		return mood.Wall{}
	}
	wall.ID = ""
	if id, ok := fields["id"]; !ok {
		v.wrong("this wall has no id", "add id: with a short name, such as lobby")
	} else if wall.ID = id.id(); taken[wall.ID] {
		id.wrong(fmt.Sprintf("another wall has the id %q", wall.ID), "give each its own")
	}
	if b, ok := fields["brands"]; ok && !b.empty() {
		wall.Brands = readBrandIDs(b, brands)
	}
	if w, ok := fields["window"]; ok {
		wall.Window = w.oneOf(windowNames()...)
	}
	if s, ok := fields["scenes"]; ok && !s.empty() {
		wall.Scenes = nil
		for _, item := range s.entries() {
			wall.Scenes = append(wall.Scenes, readScene(item))
		}
	}
	if q, ok := fields["quiet"]; ok && q.text() != "" {
		wall.Quiet = q.text()
		if !quietPattern.MatchString(wall.Quiet) {
			q.wrong(fmt.Sprintf("%q is no stretch of the day", wall.Quiet), "write it as '20:00-06:30'")
		}
	}
	if m, ok := fields["motion"]; ok {
		wall.Motion = m.oneOf("full", "reduced")
	}
	return wall
}

func readScene(v value) mood.Scene {
	fields := v.fields([]string{"show", "for"})
	show, length := "", 20*time.Second
	if s, ok := fields["show"]; ok {
		show = s.oneOf(scenes...)
	} else if fields != nil {
		v.wrong("this scene doesn't say what to show", "add show: with one of "+strings.Join(scenes, ", "))
	}
	if f, ok := fields["for"]; ok {
		length = f.duration(time.Second, 24*time.Hour)
	}
	return sceneOf(show, length)
}

// readBrandIDs reads the ids of brands that are watched.
func readBrandIDs(v value, brands []mood.Brand) []string {
	known := make([]string, len(brands))
	for i, b := range brands {
		known[i] = b.ID
	}
	var ids []string
	for _, item := range v.items() {
		id := item.text()
		switch {
		case !slices.Contains(known, id):
			item.wrong(fmt.Sprintf("no brand has the id %q", id), didYouMean(id, known))
		case slices.Contains(ids, id):
			item.wrong(fmt.Sprintf("%q is here for the second time", id), "keep one")
		default:
			ids = append(ids, id)
		}
	}
	return ids
}

func windowNames() []string {
	var names []string
	for _, w := range mood.Windows() {
		names = append(names, w.Name)
	}
	return names
}

func readNetworks(v value) []netip.Prefix {
	var networks []netip.Prefix
	for _, item := range v.items() {
		if p, ok := item.network(); ok {
			networks = append(networks, p)
		}
	}
	return networks
}
