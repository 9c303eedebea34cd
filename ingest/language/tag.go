package language

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/ingest/language/model"
)

// Tag is the primary tag, in small letters, of a language as sources write it:
// en for en_US and EN, zh for zh-Hans-CN, he for iw, fi for Finnish and Suomi,
// no for nb and nn, two ways of writing one language. It is empty for what
// names no language.
func Tag(written string) string {
	v := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(written), "_", "-"))
	v, _, _ = strings.Cut(v, ".") // en_US.UTF-8
	if v == "" || len(v) > 64 {
		return ""
	}
	if tag, ok := byName()[v]; ok {
		return tag
	}
	primary, _, _ := strings.Cut(v, "-")
	switch primary {
	case "nb", "nn":
		return "no"
	case "und", "mul", "zxx", "mis":
		return ""
	}
	if len(primary) < 2 || len(primary) > 3 {
		return ""
	}
	base, err := language.ParseBase(primary)
	if err != nil {
		return ""
	}
	tag, err := language.All.Canonicalize(language.Make(base.String()))
	if err != nil {
		return base.String()
	}
	base, _ = tag.Base()
	switch s := base.String(); s {
	case "nb", "nn":
		return "no"
	case "fil":
		return "tl"
	case "und":
		return ""
	default:
		return s
	}
}

// byName finds languages by their English names and by those that they have
// for themselves.
var byName = sync.OnceValue(func() map[string]string {
	names := map[string]string{"filipino": "tl", "tagalog": "tl", "norsk": "no", "bokmål": "no", "nynorsk": "no", "farsi": "fa", "mandarin": "zh", "中文": "zh"}
	english := display.English.Languages()
	for _, tag := range Languages() {
		t := language.Make(tag)
		for _, name := range []string{english.Name(t), display.Self.Name(t)} {
			if name != "" {
				names[strings.ToLower(name)] = tag
			}
		}
	}
	return names
})

// several are the languages of scripts that several languages share.
var several = map[model.Script][]string{
	model.Latin: {
		"af", "az", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "id", "is", "it", "lt", "lv",
		"ms", "mt", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sn", "so", "sq", "sr", "sv", "sw", "tl", "tr", "uz", "vi", "xh", "yo", "zu",
	},
	model.Cyrillic:   {"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"},
	model.Arabic:     {"ar", "fa", "ps", "sd", "ug", "ur"},
	model.Devanagari: {"hi", "mr", "ne"},
	model.Han:        {"zh", "ja"},
}

// also are the other scripts that languages are, or were, written in, beside
// those that they are told by.
var also = map[string][]model.Script{
	"az": {model.Cyrillic, model.Arabic}, "uz": {model.Cyrillic, model.Arabic}, "kk": {model.Latin, model.Arabic}, "ky": {model.Latin, model.Arabic},
	"mn": {model.Latin}, "tg": {model.Latin, model.Arabic}, "ro": {model.Cyrillic}, "mk": {model.Latin}, "pa": {model.Arabic}, "ug": {model.Latin, model.Cyrillic},
	"sd": {model.Devanagari}, "ms": {model.Arabic}, "ko": {model.Han}, "vi": {model.Han}, "hi": {model.Latin}, "ur": {model.Latin}, "bs": {model.Latin, model.Cyrillic},
}

// Languages are the tags that Identify gives, in no order.
func Languages() []string {
	seen := map[string]bool{}
	var list []string
	add := func(tag string) {
		if tag != "" && !seen[tag] {
			seen[tag] = true
			list = append(list, tag)
		}
	}
	for s := range model.Scripts {
		add(s.Sole())
		for _, tag := range several[s] {
			add(tag)
		}
	}
	return list
}

// written are the scripts of each language that Identify gives.
var written = sync.OnceValue(func() map[string]map[model.Script]bool {
	m := map[string]map[model.Script]bool{}
	put := func(tag string, s model.Script) {
		if m[tag] == nil {
			m[tag] = map[model.Script]bool{}
		}
		m[tag][s] = true
	}
	for s := range model.Scripts {
		if tag := s.Sole(); tag != "" {
			put(tag, s)
		}
		for _, tag := range several[s] {
			put(tag, s)
		}
	}
	for tag, scripts := range also {
		for _, s := range scripts {
			put(tag, s)
		}
	}
	return m
})
