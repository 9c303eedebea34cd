package main

import (
	"fmt"
	"strings"

	"agora/ingest"
	"agora/mood"
)

// mostKinds bounds the kinds of activity: each has a colour of its own.
const mostKinds = 50

// readActivity reads what devices may do.
func readActivity(v value) ingest.Deeds {
	var deeds ingest.Deeds
	fields := v.fields([]string{"kinds", "strict"})
	taken := map[string]bool{}
	for i, item := range fields["kinds"].entries() {
		if i == mostKinds {
			item.wrong(fmt.Sprintf("there are more than %d kinds", mostKinds), "add up those that nobody tells apart")
			break
		}
		if k, ok := readKind(item, taken); ok {
			taken[k.ID] = true
			deeds.Kinds = append(deeds.Kinds, k)
		}
	}
	if s, ok := fields["strict"]; ok {
		deeds.Strict = s.oneOf("true", "false") == "true"
		if deeds.Strict && len(deeds.Kinds) == 0 {
			s.wrong("nothing would be taken: no kind is declared", "list kinds:, or leave strict out")
		}
	}
	return deeds
}

func readKind(v value, taken map[string]bool) (k mood.ActivityKind, ok bool) {
	fields := v.fields([]string{"id", "name", "unit", "color"})
	if fields == nil {
		return k, false
	}
	id, ok := fields["id"]
	if !ok {
		v.wrong("this kind has no id", "add id: with what programs send as kind, such as activation")
		return k, false
	}
	if k.ID = strings.TrimSpace(id.text()); k.ID == "" || len([]rune(k.ID)) > 60 || k.ID != id.text() {
		id.wrong(fmt.Sprintf("%q can't be a kind", id.text()), "use 1 to 60 characters, as programs send them")
		return k, false
	}
	if taken[k.ID] {
		id.wrong(fmt.Sprintf("the kind %q is here for the second time", k.ID), "keep one")
		return k, false
	}
	k.Name = k.ID
	short := func(key string, into *string) {
		text, ok := fields[key]
		if !ok || text.empty() {
			return
		}
		if *into = strings.TrimSpace(text.text()); *into == "" || len([]rune(*into)) > 40 {
			text.wrong(fmt.Sprintf("%q is no %s for a chart", *into, key), "use 1 to 40 characters")
		}
	}
	short("name", &k.Name)
	short("unit", &k.Unit)
	if color, ok := fields["color"]; ok {
		if k.Color = color.text(); !colorPattern.MatchString(k.Color) {
			color.wrong(fmt.Sprintf("%q is no colour", k.Color), "write it in quotes as '#B7791F'")
		}
	}
	return k, true
}
