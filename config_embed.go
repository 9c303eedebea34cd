package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// anybody stands for every origin.
const anybody = "*"

// readEmbed reads which origins may show charts in a frame.
func readEmbed(v value) []string {
	var origins []string
	list := v.fields([]string{"origins"})["origins"]
	for _, item := range list.items() {
		s := strings.ToLower(item.text())
		why := badOrigin(s)
		switch {
		case s == "" && why == "": // said already
		case why != "":
			item.wrong(why, "write scheme, host and port alone, such as https://intranet.example.com; '*' lets any page show your charts to whoever may read them")
		case slices.Contains(origins, s):
			item.wrong(fmt.Sprintf("%q is here for the second time", s), "keep one")
		default:
			origins = append(origins, s)
		}
	}
	if slices.Contains(origins, anybody) && len(origins) > 1 {
		list.wrong("'*' is anybody, so the others say nothing", "keep '*' or the others")
	}
	return origins
}

// badOrigin says what is wrong with an origin, empty when nothing is.
func badOrigin(s string) string {
	if s == anybody {
		return ""
	}
	if why := badURL(s); why != "" {
		return why
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Sprintf("%q is more than an origin", s)
	case strings.ContainsAny(u.Host, "*;,' "): // it goes into a header as it is
		return fmt.Sprintf("%q has signs that no host has", s)
	}
	return ""
}
