package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"agora/mood"
)

// values are what the placeholders of a template stand for, by their names:
//
//	brands       {brand} its id, {Brand} its name, {terms} what to search for, with OR between
//	terms        {term} one of the brand's terms, {-term} and {, term} nothing for its first one
//	editions     {edition}, {language}, {COUNTRY}, and as Google News has them {hl} and {ceid}
//	countries    {country} in lower, {COUNTRY} in upper case
//	instances    {instance}, a host
//	sites        {site}, a host
//	urls         {url} itself, its {path} without the service's part, what it has a
//	             {search} for, else its path, and its {hash}
//	all others   the key without its s: {tag}, {community}, {channel}, {app}
type values map[string]string

// choices gives the placeholders of each value of a key. What came before may
// matter: the terms are the brand's.
func (p Preset) choices(key string, params Params, have values) ([]values, error) {
	var list []values
	switch key {
	case "brands":
		for _, b := range params.Brands {
			list = append(list, values{"brand": b.ID, "Brand": b.Name, "terms": SearchTerms(b)})
		}
		return list, nil
	case "terms":
		for _, b := range params.Brands {
			if b.ID == have["brand"] {
				list = append(list, termChoices(b)...)
			}
		}
		return list, nil
	}
	param := p.param(key)
	for _, value := range params.Values[key] {
		value = strings.TrimPrefix(value, param.Trim)
		if param.Lower {
			value = strings.ToLower(value)
		}
		if param.Valid != nil && !param.Valid(value) {
			return nil, fmt.Errorf(param.Wrong, value)
		}
		v := values{}
		switch key {
		case "editions":
			e, err := parseEdition(value)
			if err != nil {
				return nil, err
			}
			v["edition"], v["language"], v["COUNTRY"], v["hl"], v["ceid"] = e.name, e.language, e.country, e.hl, e.ceid
		case "countries":
			v["country"], v["COUNTRY"] = strings.ToLower(value), strings.ToUpper(value)
		case "urls":
			u := webURL(value)
			if u == nil {
				return nil, fmt.Errorf("%q is no web address", value)
			}
			v["url"], v["hash"] = u.String(), shortHash(u.String())
			v["search"] = firstOf(u.Query().Get("q"), u.Path)
			v["path"] = strings.TrimPrefix(u.Path, "/alerts/feeds/")
		case "communities":
			v["community"] = value
		default:
			v[strings.TrimSuffix(key, "s")] = value
		}
		list = append(list, v)
	}
	return list, nil
}

func termChoices(b mood.Brand) []values {
	var list []values
	for i, term := range searchWords(b) {
		v := values{"term": term, "-term": "", ", term": ""}
		if i > 0 {
			v["-term"], v[", term"] = "-"+termSlug(term), ", "+term
		}
		list = append(list, v)
	}
	return list
}

// termSlug tells terms apart in ids, also C++ and C#.
func termSlug(term string) string {
	s := mood.Slug(term)
	if s != strings.ReplaceAll(strings.ToLower(term), " ", "-") {
		s += "-" + shortHash(term)
	}
	return s
}

// into puts values in the place of placeholders. as makes the text of one,
// which follows what is before it.
func (v values) into(template string, as func(name, value, before string) string) string {
	var b strings.Builder
	for {
		head, rest, ok := strings.Cut(template, "{")
		b.WriteString(head)
		if !ok {
			return b.String()
		}
		name, tail, _ := strings.Cut(rest, "}")
		b.WriteString(as(name, v[name], b.String()))
		template = tail
	}
}

func plainText(_, value, _ string) string { return value }

// escaped makes a value fit for its place in an address.
func escaped(name, value, before string) string {
	switch {
	case name == "url" || name == "instance" || name == "site": // checked to be an address, or a host
		return value
	case strings.Contains(before, "?"):
		return url.QueryEscape(value)
	}
	return url.PathEscape(value)
}

// isHost says whether s is a host's name, with a port or without.
func isHost(s string) bool {
	u, err := url.Parse("https://" + s + "/")
	return err == nil && u.Host == s && u.Hostname() != "" && !strings.ContainsAny(s, " /?#@")
}

// shortHash names an address without giving it away.
func shortHash(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:4])
}
