package ingest

import "agora/mood"

// languageOf is the language that a mention counts under: what its source
// says, or else what its words are in.
func (w *watched) languageOf(m mood.Mention) string {
	return w.languages.Settle(m.Language, m.Title, m.Text)
}
