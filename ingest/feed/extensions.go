package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

func extValue(x ext.Extensions, prefix, name string) string {
	for _, e := range x[prefix][name] {
		if e.Value != "" {
			return e.Value
		}
	}
	return ""
}

func extValues(x ext.Extensions, prefix, name string) []string {
	var all []string
	for _, e := range x[prefix][name] {
		all = append(all, e.Value)
	}
	return all
}

// extFold is extValue for prefixes and names that are written in any case.
func extFold(x ext.Extensions, prefix, name string) string {
	for p, names := range x {
		if !strings.EqualFold(p, prefix) {
			continue
		}
		for n, list := range names {
			if strings.EqualFold(n, name) && len(list) > 0 && list[0].Value != "" {
				return list[0].Value
			}
		}
	}
	return ""
}

func extChild(x ext.Extensions, prefix, name, child string) string {
	for _, e := range x[prefix][name] {
		for _, c := range e.Children[child] {
			if c.Value != "" {
				return c.Value
			}
		}
	}
	return ""
}

func extAttr(x ext.Extensions, prefix, name, attr string) string {
	for _, e := range x[prefix][name] {
		if v := e.Attrs[attr]; v != "" {
			return v
		}
	}
	return ""
}

func extChildAttr(x ext.Extensions, prefix, name, child, attr string) string {
	for _, e := range x[prefix][name] {
		for _, c := range e.Children[child] {
			if v := c.Attrs[attr]; v != "" {
				return v
			}
		}
	}
	return ""
}

// extLinks are the pages that Atom links inside RSS lead to.
func extLinks(x ext.Extensions) []string {
	var found []string
	for _, prefix := range [...]string{"atom", "atom03"} {
		for _, e := range x[prefix]["link"] {
			if rel := e.Attrs["rel"]; rel == "" || rel == "alternate" {
				found = append(found, firstOf(e.Attrs["href"], e.Value))
			}
		}
	}
	return found
}

// firstLink is the address of the site: the channel's link, else the page
// that an Atom link in the channel names.
func firstLink(link string, links []string, x ext.Extensions) string {
	for _, l := range links {
		if strings.TrimSpace(l) != "" {
			return l
		}
	}
	return firstOf(append([]string{link}, extLinks(x)...)...)
}

// custom gives the first of an RSS item's elements that RSS doesn't know but
// publishers use; names are in lower case.
func custom(item *rss.Item, names ...string) string {
	if len(item.Custom) == 0 {
		return ""
	}
	for _, name := range names {
		for key, value := range item.Custom {
			if strings.EqualFold(key, name) && strings.TrimSpace(value) != "" {
				return value
			}
		}
	}
	return ""
}

// extCategories gives the subjects that extensions name. Keywords are lists
// with commas, and some write subjects so too.
func extCategories(x ext.Extensions) []string {
	if len(x) == 0 {
		return nil
	}
	var all []string
	for _, e := range x["dc"]["subject"] {
		all = append(all, splitList(e.Value)...)
	}
	for _, e := range x["agora"]["category"] {
		all = append(all, e.Value)
	}
	for _, e := range x["media"]["category"] {
		all = append(all, firstOf(e.Attrs["label"], e.Value))
	}
	for _, e := range x["itunes"]["category"] {
		all = append(all, e.Attrs["text"])
	}
	for _, e := range [...][]ext.Extension{x["media"]["keywords"], x["itunes"]["keywords"], x["agora"]["keywords"]} {
		for _, one := range e {
			all = append(all, splitList(one.Value)...)
		}
	}
	for _, group := range x["media"]["group"] {
		for _, one := range group.Children["keywords"] {
			all = append(all, splitList(one.Value)...)
		}
		for _, one := range group.Children["category"] {
			all = append(all, firstOf(one.Attrs["label"], one.Value))
		}
	}
	return all
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '，' || r == '、' })
}

// firstAddress gives the first value that is a web address.
func firstAddress(values ...string) string {
	for _, v := range values {
		if webURL(v) != nil {
			return v
		}
	}
	return ""
}
