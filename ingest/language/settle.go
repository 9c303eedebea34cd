package language

import "agora/ingest/language/model"

// What overrules a source: this many letters of a script that its language
// isn't written in, and for Latin script, in which names and phrases stand in
// texts of all languages, words in small letters and a sure answer.
const (
	lettersAgainst = 8
	wordsAgainst   = 4
	sureAgainst    = 0.9
)

// Settle is the language that a mention counts under: the one that its source
// declares, whatever the text looks like, or where it declares none, the one
// that the text is in. Only a text in letters that the declared language isn't
// written in, as where a Thai page says en because its software does, goes by
// what it is in. Empty is "unknown".
func (id *Identifier) Settle(declared, title, text string) string {
	declared = Tag(declared)
	if declared == "" {
		tag, _ := id.Identify(title, text)
		return tag
	}
	scripts := written()[declared]
	if scripts == nil {
		return declared // one that isn't known here
	}
	r := id.readers.Get().(*reader)
	r.text.Read(title, text)
	script, letters, small := mainScript(&r.text), 0, r.text.Small()
	if script != model.Other {
		letters = r.text.Letters[script]
	}
	id.readers.Put(r)
	if script == model.Other || scripts[script] || letters < lettersAgainst {
		return declared
	}
	tag, sure := id.Identify(title, text)
	if tag == "" || script == model.Latin && (small < wordsAgainst || sure < sureAgainst) {
		return declared
	}
	return tag
}
