package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"agora/ingest/engine"
	"agora/mood"
)

// The engines that can judge. Those behind HTTP have the names of their wire
// formats.
const (
	engineBuiltin = "builtin"
	engineONNX    = "onnx"
)

var engines = []string{engineBuiltin, engine.HuggingFace, engine.TEI, engine.OpenAI, engineONNX}

// Bounds of the phrase rules.
const (
	mostRules     = 500
	longestPhrase = 200 // code points
)

// sentimentKeys says which engines a key is for; rules are for all.
var sentimentKeys = map[string][]string{
	"url":        {engine.HuggingFace, engine.TEI, engine.OpenAI},
	"model":      {engine.OpenAI, engineONNX},
	"token":      {engine.HuggingFace, engine.TEI, engine.OpenAI},
	"token_file": {engine.HuggingFace, engine.TEI, engine.OpenAI},
	"timeout":    {engine.HuggingFace, engine.TEI, engine.OpenAI},
	"batch":      {engine.HuggingFace, engine.TEI, engine.OpenAI, engineONNX},
	"labels":     {engine.HuggingFace, engine.TEI, engineONNX},
	"pairs":      {engine.TEI, engineONNX},
	"library":    {engineONNX},
}

func readSentiment(v value, s *Sentiment, brands []mood.Brand) {
	fields := v.fields([]string{"engine", "url", "model", "token", "token_file", "timeout", "batch", "labels", "pairs", "library", "rules"})
	if fields == nil {
		return
	}
	each := func(key string, read func(value)) {
		if v, ok := fields[key]; ok && !v.empty() {
			read(v)
		}
	}
	known := true
	each("engine", func(v value) {
		if s.Engine = v.text(); !slices.Contains(engines, s.Engine) {
			v.wrong(fmt.Sprintf("there is no engine %q", s.Engine), didYouMean(s.Engine, engines))
			known = false
		}
	})
	for key, goes := range sentimentKeys {
		if field, ok := fields[key]; ok && !field.empty() && known && !slices.Contains(goes, s.Engine) {
			field.wrong(fmt.Sprintf("the engine %s has no use for %s", s.Engine, key), "leave it out, or choose engine: "+strings.Join(goes, ", "))
		}
	}
	each("url", func(v value) {
		if s.URL = v.text(); badURL(s.URL) != "" {
			v.wrong(badURL(s.URL), "write the whole address, such as http://127.0.0.1:8081")
		}
	})
	each("model", func(v value) { s.Model = v.text() })
	each("token", func(v value) { s.Token = v.token(v.text()) })
	each("token_file", func(v value) {
		if text, err := smallFile(v.text()); err != nil {
			v.wrong(fmt.Sprintf("the token can't be read: %v", unwrapAll(err)), "name a file that Agora may read")
		} else {
			s.Token = v.token(strings.TrimSpace(text))
		}
	})
	if token, file := fields["token"], fields["token_file"]; !token.empty() && !file.empty() {
		file.wrong("there is a token already", "keep token or token_file")
	}
	each("timeout", func(v value) { s.Timeout = v.duration(100*time.Millisecond, 5*time.Minute) })
	each("batch", func(v value) { s.Batch = v.number(1, 256) })
	each("pairs", func(v value) { s.Pairs = v.oneOf("false", "true") == "true" })
	each("library", func(v value) { s.Library = v.text() })
	each("labels", func(v value) { s.Labels = readLabels(v) })
	each("rules", func(v value) { s.Rules = readRules(v, brands) })
	if known {
		v.lacking(s)
	}
}

// lacking reports what an engine can't do without.
func (v value) lacking(s *Sentiment) {
	switch {
	case slices.Contains(sentimentKeys["url"], s.Engine) && s.URL == "":
		v.wrong(fmt.Sprintf("the engine %s has no address", s.Engine), "add url: http://127.0.0.1:8081, say")
	case s.Engine == engine.OpenAI && s.Model == "":
		v.wrong("the engine openai needs to know which model to ask", "add model: with its name")
	case s.Engine == engineONNX && s.Model == "":
		v.wrong("the engine onnx has no model", "add model: with the folder of model.onnx, vocab.txt and config.json")
	}
}

// smallFile reads a file, but no device and no pipe, which may never end.
func smallFile(path string) (string, error) {
	const longest = 64 << 10
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Size() > longest:
		return "", fmt.Errorf("%s is no small file", path)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

const tokenHint = "use letters, digits and signs without spaces"

// badToken says what is wrong with a token; it doesn't repeat it.
func badToken(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "the token has characters that can't be sent"
	}
	return ""
}

func (v value) token(s string) Secret {
	if why := badToken(s); why != "" {
		v.wrong(why, tokenHint)
	}
	return Secret(s)
}

// ruleLabels are the ways in which a phrase can be read.
var ruleLabels = []string{"positive", "neutral", "negative"}

func (v value) label() mood.Label {
	label, err := mood.ParseLabel(v.oneOf(ruleLabels...))
	if err != nil {
		v.wrong(err.Error(), "")
	}
	return label
}

// readLabels reads what a model's labels mean.
func readLabels(v value) map[string]mood.Label {
	labels := map[string]mood.Label{}
	for name, v := range v.fields(nil) {
		labels[name] = v.label()
	}
	return labels
}

func readRules(v value, brands []mood.Brand) []mood.PhraseRule {
	items := v.entries()
	if len(items) > mostRules {
		items[mostRules].wrong(fmt.Sprintf("there are %d rules, and %d are the most", len(items), mostRules), "leave some out")
		items = items[:mostRules]
	}
	rules := make([]mood.PhraseRule, 0, len(items))
	for _, item := range items {
		rules = append(rules, readRule(item, brands))
	}
	return rules
}

func readRule(v value, brands []mood.Brand) mood.PhraseRule {
	var rule mood.PhraseRule
	fields := v.fields([]string{"phrase", "label", "brands"})
	if fields == nil {
		if v.empty() {
			v.wrong("this rule is empty", "add phrase: and label:")
		}
		return rule
	}
	if p, ok := fields["phrase"]; !ok {
		v.wrong("this rule has no phrase", "add phrase: with the words that it is about")
	} else if rule.Phrase = strings.TrimSpace(p.text()); rule.Phrase == "" {
		p.wrong("the phrase is empty", "write the words that the rule is about")
	} else if n := utf8.RuneCountInString(rule.Phrase); n > longestPhrase {
		p.wrong(fmt.Sprintf("the phrase has %d letters, and %d are the most", n, longestPhrase), "use the part of it that matters")
	}
	if l, ok := fields["label"]; ok {
		rule.Label = l.label()
	} else {
		v.wrong("this rule doesn't say how to read its phrase", "add label: with one of "+strings.Join(ruleLabels, ", "))
	}
	if b, ok := fields["brands"]; ok && !b.empty() {
		rule.Brands = readBrandIDs(b, brands)
	}
	return rule
}
