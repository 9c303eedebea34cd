package feed

import (
	"net/url"
	"strings"

	"agora/mood"
)

// identify gives the mentions of one document their ids, and says which of
// their addresses identify nothing.
//
// A GUID that several different items share identifies none of them, and
// neither does an address that different items share, or that of the site's
// front page. What has neither is known by its title, else by its text.
func identify(list []mood.Mention, source string, site *url.URL) {
	type what struct{ headline, url string }
	type page struct{ headline, guid, text string }
	guids, pages := map[string]what{}, map[string]page{}
	sharedGUID, sharedURL := map[string]bool{}, map[string]bool{}
	front := ""
	if site != nil {
		front = mood.AddressKey("https://" + strings.ToLower(site.Host) + "/")
	}
	for i := range list {
		m := &list[i]
		m.GUID = withoutRevision(m.GUID)
		w := what{headline(m), m.URL}
		if old, ok := guids[m.GUID]; ok && old != w {
			sharedGUID[m.GUID] = true
		}
		guids[m.GUID] = w
		if m.URL == "" {
			continue
		}
		key := mood.AddressKey(m.URL)
		p := page{headline(m), m.GUID, m.Text}
		if old, ok := pages[key]; ok && (old.headline != p.headline || old.guid != p.guid && old.text != p.text) {
			sharedURL[key] = true
		}
		pages[key] = p
		if key == front {
			sharedURL[key] = true
		}
	}
	for i := range list {
		m := &list[i]
		if sharedGUID[m.GUID] {
			m.GUID = ""
		}
		guid := m.GUID
		if m.URL != "" && sharedURL[mood.AddressKey(m.URL)] {
			m.SharedURL = true
			if guid == "" {
				guid = m.URL + " " + headline(m)
			}
		}
		m.ID = mood.MentionID(source, guid, m.URL, m.Title, m.Text)
	}
}

// headline is what a mention is known by where nothing else identifies it.
func headline(m *mood.Mention) string {
	if m.Title != "" {
		return m.Title
	}
	return clip(m.Text, maxSketched)
}

// withoutRevision takes "#0", "#1" … off a GUID that is an address: the BBC and
// others count the editions of an item there.
func withoutRevision(guid string) string {
	i := strings.LastIndexByte(guid, '#')
	if i < 0 || len(guid)-i < 2 || len(guid)-i > 3 || !looksLikeURL(guid) || strings.Trim(guid[i+1:], "0123456789") != "" {
		return guid
	}
	return guid[:i]
}
