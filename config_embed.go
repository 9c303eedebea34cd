package main

import (
	"fmt"
	"slices"
	"strings"

	"agora/server"
)

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
			item.wrong(why, server.OriginForm+"; '*' lets any page show your charts to whoever may read them")
		case slices.Contains(origins, s):
			item.wrong(fmt.Sprintf("%q is here for the second time", s), "keep one")
		default:
			origins = append(origins, s)
		}
	}
	if slices.Contains(origins, server.AnyOrigin) && len(origins) > 1 {
		list.wrong("'*' is anybody, so the others say nothing", "keep '*' or the others")
	}
	return origins
}

// badOrigin says what is wrong with an origin, empty when nothing is.
func badOrigin(s string) string {
	if s == server.AnyOrigin {
		return ""
	}
	if why := badURL(s); why != "" {
		return why
	}
	if err := server.CheckOrigin(s); err != nil {
		return err.Error()
	}
	return ""
}
