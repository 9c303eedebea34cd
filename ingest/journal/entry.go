package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"agora/mood"
)

// entryVersion is of the form of an entry: a program refuses newer ones.
const entryVersion = 1

// Entry is what Agora puts into a record: what was accepted in one go.
type Entry struct {
	At         time.Time
	Mentions   []mood.Mention // with their readings
	Activities []mood.Activity
	Correction *mood.Correction
	Withdrawn  string // id of a mention that is to go
}

// entryForm is an entry as JSON.
type entryForm struct {
	Version    int              `json:"v"`
	At         time.Time        `json:"at"`
	Mentions   []mentionForm    `json:"mentions,omitempty"`
	Activities []mood.Activity  `json:"activities,omitempty"`
	Correction *mood.Correction `json:"correction,omitempty"`
	Withdrawn  string           `json:"withdrawn,omitempty"`
}

// mentionForm is a mention with what isn't shown of it.
type mentionForm struct {
	mood.Mention
	About     []string `json:"about_brands,omitempty"`
	GUID      string   `json:"guid,omitempty"`
	SharedURL bool     `json:"shared_url,omitempty"`
	Edited    bool     `json:"edited,omitempty"`
}

// Encode gives the entry as bytes that [Decode] reads.
func (e Entry) Encode() ([]byte, error) {
	form := entryForm{Version: entryVersion, At: e.At, Activities: e.Activities, Correction: e.Correction, Withdrawn: e.Withdrawn}
	for _, m := range e.Mentions {
		form.Mentions = append(form.Mentions, mentionForm{Mention: m, About: m.About, GUID: m.GUID, SharedURL: m.SharedURL, Edited: m.Edited})
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(form); err != nil {
		return nil, fmt.Errorf("write an entry for the journal: %w", err)
	}
	// What is acknowledged must be readable, and a label without a name isn't.
	if bytes.Contains(b.Bytes(), []byte(`"label(`)) {
		if err := json.Unmarshal(b.Bytes(), &entryForm{}); err != nil {
			return nil, fmt.Errorf("write an entry for the journal: it couldn't be read back: %w", err)
		}
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Decode reads what [Entry.Encode] wrote. Fields it doesn't know are left
// alone.
func Decode(b []byte) (Entry, error) {
	var head struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return Entry{}, fmt.Errorf("read an entry of the journal: %w: %w", mood.ErrInvalid, err)
	}
	if head.Version != entryVersion {
		return Entry{}, fmt.Errorf("read an entry of the journal: it is of version %d, and this Agora knows version %d: run the Agora that wrote it: %w", head.Version, entryVersion, mood.ErrInvalid)
	}
	var form entryForm
	if err := json.Unmarshal(b, &form); err != nil {
		return Entry{}, fmt.Errorf("read an entry of the journal: %w: %w", mood.ErrInvalid, err)
	}
	e := Entry{At: form.At, Activities: form.Activities, Correction: form.Correction, Withdrawn: form.Withdrawn}
	for _, m := range form.Mentions {
		m.Mention.About, m.Mention.GUID, m.Mention.SharedURL, m.Mention.Edited = m.About, m.GUID, m.SharedURL, m.Edited
		e.Mentions = append(e.Mentions, m.Mention)
	}
	return e, nil
}
