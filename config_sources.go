package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"agora/ingest/feed"
	"agora/ingest/social"
	"agora/mood"
)

// longestEvery bounds how rarely a source may be polled.
const longestEvery = 7 * 24 * time.Hour

// sourceKeys are the keys of a source that is one feed.
var sourceKeys = []string{"feed", "id", "name", "country", "language", "every", "about"}

// readSources reads what is polled, and what is followed otherwise.
func readSources(v value, brands []mood.Brand) (feeds []mood.Source, live []social.Spec) {
	taken := map[string]string{} // id → its address
	isTaken := func(item value, s mood.Source) bool {
		address, ok := taken[s.ID]
		switch {
		case !ok:
			taken[s.ID] = s.URL
		case address == s.URL:
			item.wrong("this source is here for the second time", "keep one")
		default:
			item.wrong(fmt.Sprintf("another source has the id %q", s.ID), differently(item))
		}
		return ok
	}
	for _, item := range v.entries() {
		if isMQTT(item) {
			continue
		}
		some, specs := readSource(item, brands)
		for _, s := range some {
			if isTaken(item, s) {
				break
			}
			feeds = append(feeds, s)
		}
		for _, s := range specs {
			if isTaken(item, s.Source) {
				break
			}
			live = append(live, s)
		}
	}
	return feeds, live
}

// differently says how an entry gets an id of its own.
func differently(item value) string {
	preset, ok := item.fields(nil)["preset"]
	if !ok {
		return "give this one an id: of its own"
	}
	var keys []string
	if live, ok := livePreset(preset.text()); ok {
		keys = live.Keys()
	}
	if slices.Contains(keys, "id") {
		return "give this one an id: of its own"
	}
	return "keep one of them: this preset has one source for each of what it asks for"
}

// readSource reads one entry of the list: a feed, or a preset that stands for
// several sources.
func readSource(v value, brands []mood.Brand) ([]mood.Source, []social.Spec) {
	all := v.fields(nil)
	_, isFeed := all["feed"]
	preset, isPreset := all["preset"]
	switch {
	case all == nil:
		return nil, nil
	case isFeed && isPreset:
		v.wrong("this source has both feed and preset", "keep one of them")
		return nil, nil
	case isPreset:
		if live, ok := livePreset(preset.text()); ok {
			return nil, readLive(v, live, brands)
		}
		return readPreset(v, preset, brands), nil
	case !isFeed:
		v.fields(append([]string{"preset"}, sourceKeys...))
		v.wrong("this source has neither feed nor preset", "add feed: with the address of an RSS, Atom or JSON feed")
		return nil, nil
	}
	fields := v.fields(sourceKeys)
	s := mood.Source{Kind: "feed", URL: fields["feed"].address()}
	if s.URL == "" {
		return nil, nil
	}
	s.ID = sourceID(s.URL)
	if id, ok := fields["id"]; ok {
		s.ID = id.id()
	}
	if name, ok := fields["name"]; ok {
		s.Name = name.text()
	}
	if s.Name == "" {
		s.Name, s.Unnamed = feed.Outlet(s.URL), true
	}
	if b, ok := fields["about"]; ok && !b.empty() {
		s.Brands = readBrandIDs(b, brands)
	}
	readCommon(fields, &s)
	return []mood.Source{s}, nil
}

// readCommon reads what every source may say.
func readCommon(fields map[string]value, s *mood.Source) {
	if c, ok := fields["country"]; ok && !c.empty() {
		s.Country = c.country()
	}
	if l, ok := fields["language"]; ok && !l.empty() {
		s.Language = l.language()
	}
	if e, ok := fields["every"]; ok && !e.empty() {
		s.Every = e.duration(100*time.Millisecond, longestEvery)
	}
}

// sourceID names a feed by its host, for people, and by a hash of its
// address, so that the state of a feed outlives a change of its name.
func sourceID(address string) string {
	host := "feed"
	if u, err := url.Parse(address); err == nil {
		if slug := slugOf(strings.TrimPrefix(u.Hostname(), "www.")); slug != "" {
			host = slug
		}
	}
	sum := sha256.Sum256([]byte(address))
	return host + "-" + hex.EncodeToString(sum[:4])
}

// readPreset makes the sources that a preset stands for.
func readPreset(v, named value, brands []mood.Brand) []mood.Source {
	var preset *feed.Preset
	for _, p := range feed.Presets() {
		if p.Name == named.text() {
			preset = &p
		}
	}
	if preset == nil {
		named.wrong(fmt.Sprintf("there is no preset %q", named.text()), didYouMean(named.text(), presetNames()))
		return nil
	}
	known := append([]string{"preset", "every"}, preset.Keys()...)
	problems := len(v.doc.problems)
	fields := v.fields(known)
	params := feed.Params{Brands: brands, Values: map[string][]string{}}
	for _, key := range preset.Keys() {
		if key == "brands" {
			continue
		}
		for _, item := range fields[key].items() {
			params.Values[key] = append(params.Values[key], item.text())
		}
	}
	if b, ok := fields["brands"]; ok && !b.empty() {
		ids := readBrandIDs(b, brands)
		params.Brands = slices.DeleteFunc(slices.Clone(brands), func(b mood.Brand) bool { return !slices.Contains(ids, b.ID) })
	} else if preset.OwnBrands && len(brands) > 1 {
		v.wrong("this preset doesn't say which brand it is about", fmt.Sprintf("add brands: [%s], or another", brands[0].ID))
	}
	if e, ok := fields["every"]; ok && !e.empty() {
		params.Every = e.duration(100*time.Millisecond, longestEvery)
	}
	if len(v.doc.problems) > problems {
		return nil
	}
	sources, err := feed.Expand(preset.Name, params)
	if err != nil {
		v.blame(fields, err)
		return nil
	}
	return sources
}

// blame reports an error at the item that its text quotes, else at the whole.
func (v value) blame(fields map[string]value, err error) {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if key == "fields" {
			continue // its own keys are reported where they stand
		}
		for _, item := range fields[key].items() {
			if text := item.hostText(); key != "preset" && strings.Contains(err.Error(), fmt.Sprintf("%q", text)) {
				item.wrong(err.Error(), "")
				return
			}
		}
	}
	v.wrong(err.Error(), "")
}
