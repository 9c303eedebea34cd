package social

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

var (
	paramBrands    = Param{Key: "brands", Example: "nokia"}
	paramURL       = Param{Key: "url", Optional: true, Single: true}
	paramLanguages = Param{Key: "languages", Optional: true, Example: "en"}
	paramSilence   = Param{Key: "silence", Optional: true, Single: true, Example: "1m"}
	paramID        = Param{Key: "id", Optional: true, Single: true}
	paramName      = Param{Key: "name", Optional: true, Single: true}
	paramFields    = Param{Key: "fields", Optional: true, Single: true, Example: "{title: headline, text: body.plain, url: link, published: date}"}
	paramItems     = Param{Key: "items", Optional: true, Single: true}
	paramToken     = Param{Key: "token", Optional: true, Single: true}
	paramTokenFile = Param{Key: "token_file", Optional: true, Single: true}
	paramCountry   = Param{Key: "country", Optional: true, Single: true}
	paramLanguage  = Param{Key: "language", Optional: true, Single: true}
)

const streamNote = "fields: says where an object has what a mention needs, with dots for what is inside (text: post.body); what isn't named is looked for under its usual names. items: is where a list of them is."

// presets is the table of them, by name. Ids are what states are kept under: one
// that changes loses where its source was left off.
func presets() []Preset {
	return []Preset{
		{
			Name: "bluesky", About: "Bluesky posts as they are written, by way of Jetstream", URL: jetstream, Live: true, Chatty: true, Gap: time.Second,
			Params: []Param{{Key: "brands", Example: "nokia"}, paramLanguages, paramURL, paramID, paramName, paramSilence},
			Notes: []string{
				"Every public post comes by, about 50 a second, and is matched here: Bluesky can't search a stream.",
				"Posts that their authors delete are withdrawn here, and edits are followed. After a pause it goes on where it was, as far back as the service looks (a day or so).",
				"url: is another Jetstream, such as wss://jetstream1.us-east.bsky.network/subscribe or one of your own.",
			},
			open: openBluesky, expand: expandWhole("Bluesky"),
		},
		{
			Name: "gdelt", About: "news sites of the world in 65 languages, by way of GDELT's search", URL: gdeltAt, Every: 15 * time.Minute, Gap: 5 * time.Second, strict: true,
			Params: []Param{paramBrands, paramURL},
			Notes: []string{
				"It answers one request in five seconds, and looks at sites every 15 minutes. Searches find words anywhere in an article, and it gives away the title alone: what doesn't name the brand there isn't counted.",
				"It says where a site is from, and in which language.",
			},
			open: openGDELT, expand: expandSearch("gdelt", "GDELT"),
		},
		{
			Name: "hacker-news", Also: []string{"hackernews", "hn"}, About: "Hacker News stories and comments, by way of Algolia's search", URL: hackerNewsAt, Every: 5 * time.Minute, Gap: time.Second,
			Params: []Param{paramBrands, paramURL},
			Notes:  []string{"Each word or phrase of a brand's query is a search. About 10,000 requests an hour are allowed.", "A comment counts by its own words, not by the title of what it is about."},
			open:   openHackerNews, expand: expandSearch("hacker-news", "Hacker News"),
		},
		{
			Name: "mastodon", About: "Mastodon posts by tag, as they are written if you have an account", Every: 2 * time.Minute, Gap: time.Second, Chatty: true, listensWith: true,
			Params: []Param{
				{Key: "instances", Example: "mastodon.social"}, {Key: "tags", Example: "nokia"},
				{Key: "brands", Optional: true, Example: "nokia"}, paramLanguages, paramToken, paramTokenFile, paramSilence,
			},
			Notes: []string{
				"An instance knows the posts that its people and their contacts wrote: a large one knows most. It answers 300 requests in 5 minutes.",
				"With token:, the access token of an application of your account (Preferences, Development; read:statuses is enough), posts come at once, and edits and deletions are followed. It is a secret: token_file: or the variable AGORA_MASTODON_TOKEN keep it out of agora.yaml.",
				"Some instances are closed to those who aren't logged in: mastodon-rss reads their feeds.",
			},
			open: openMastodon, expand: expandMastodon,
		},
		{
			Name: "ndjson", About: "any stream of JSON objects, one on each line", Live: true, Gap: time.Second,
			Params: []Param{{Key: "url", Single: true, Example: "https://example.com/stream"}, paramFields, paramItems, paramID, paramName, paramToken, paramTokenFile, paramCountry, paramLanguage, {Key: "resume", Optional: true, Single: true, Example: "since=id"}, paramSilence},
			Notes:  []string{streamNote, "resume: since=id asks for the address with since= set to the id of the last object; without it, what was sent while nobody listened is lost. Last-Event-ID has it too."},
			open:   openStream, expand: expandStream,
		},
		{
			Name: "sse", About: "any stream of server-sent events with JSON in them", Live: true, Gap: time.Second,
			Params: []Param{{Key: "url", Single: true, Example: "https://example.com/events"}, paramFields, paramItems, paramID, paramName, paramToken, paramTokenFile, paramCountry, paramLanguage, {Key: "resume", Optional: true, Single: true, Example: "since=id"}, paramSilence},
			Notes:  []string{streamNote, "It goes on after the id of the last event (Last-Event-ID)."},
			open:   openStream, expand: expandStream,
		},
		{
			Name: "webhook", About: "what other programs send, in their own form, to /hooks/{id}", Live: true,
			Params: []Param{{Key: "id", Single: true, Example: "crm"}, {Key: "secret", Single: true, Example: "a-long-random-text"}, {Key: "secret_file", Optional: true, Single: true}, {Key: "signature", Optional: true, Single: true}, paramFields, paramItems, paramName, paramCountry, paramLanguage},
			Notes: []string{
				"Send POST /hooks/{id} with the secret as Authorization: Bearer …, or with the body's HMAC-SHA256 by it in X-Hub-Signature-256 (signature: names another header, and then nothing else is taken). The answer is that of POST /api/v1/mentions.",
				streamNote,
			},
			expand: expandWebhook,
		},
		{
			Name: "wikipedia", Also: []string{"wikipedia-edits"}, About: "Wikipedia edits as they are made", URL: wikipediaAt, Live: true, Chatty: true, Gap: time.Second,
			Params: []Param{paramBrands, paramLanguages, {Key: "projects", Optional: true, Example: "en.wikipedia.org"}, paramURL, paramID, paramName, paramSilence},
			Notes: []string{
				"Edits of articles whose title or summary names a brand count, with a link to what was changed; those by bots, minor ones, talk pages and files don't.",
				"It goes on where it was, as far back as the service looks (a week or so).",
			},
			open: openWikipedia, expand: expandWikipedia,
		},
		{
			Name: "wikipedia-views", Also: []string{"pageviews", "page-views", "wikipedia-pageviews"}, About: "how often people read an article of Wikipedia, as device activity", URL: pageViewsAt, Every: 6 * time.Hour, Gap: time.Second,
			Params: []Param{paramBrands, {Key: "articles", Example: "en.wikipedia.org/Nokia"}, paramURL},
			Notes: []string{
				"Figures are of whole days, of people alone, and come some hours after a day is over. They count as activity of the kind page-views; a day that is revised is put right.",
				"Articles are of the brand of the entry: with several brands, make an entry for each.",
			},
			open: openPageViews, expand: expandPageViews,
		},
	}
}

func expandWhole(name string) func(*Preset, Params) ([]Spec, error) {
	return func(p *Preset, params Params) ([]Spec, error) {
		s, err := p.whole(params, name)
		return []Spec{s}, err
	}
}

func expandSearch(id, name string) func(*Preset, Params) ([]Spec, error) {
	return func(p *Preset, params Params) ([]Spec, error) {
		var specs []Spec
		for _, b := range params.Brands {
			s := Spec{Watch: []string{b.ID}, Searches: params.Searches(b)}
			if len(s.Searches) == 0 {
				return nil, fmt.Errorf("brand %q: %w", b.ID, errNoTerms)
			}
			s.ID, s.Name, s.URL = mood.Slug(id, b.ID), name+": "+b.Name, p.URL
			if at := params.one("url"); at != "" {
				s.URL = address(at, p.URL)
			}
			specs = append(specs, s)
		}
		return specs, nil
	}
}

var isTag = regexp.MustCompile(`^[\pL\pM\pN_·]{1,100}$`).MatchString

func expandMastodon(_ *Preset, params Params) ([]Spec, error) {
	languages, err := readLanguages(params.Values["languages"])
	if err != nil {
		return nil, err
	}
	var specs []Spec
	for _, host := range params.Values["instances"] {
		at, err := instance(host)
		if err != nil {
			return nil, err
		}
		for _, given := range params.Values["tags"] {
			tag := strings.TrimPrefix(given, "#")
			if !isTag(tag) {
				return nil, fmt.Errorf("tag %q is no hashtag: it has letters, digits and _ only, and no spaces", given)
			}
			s := Spec{Watch: params.watch(), Languages: languages, Instance: at.Host, Tag: tag}
			s.ID, s.Name, s.URL = mood.Slug("mastodon", at.Host, tag), "Mastodon #"+tag+" on "+at.Host, at.JoinPath("tags", tag).String()
			specs = append(specs, s)
		}
	}
	return specs, nil
}

func expandStream(p *Preset, params Params) ([]Spec, error) {
	s, err := p.whole(params, "")
	if err != nil {
		return nil, err
	}
	s.Watch = nil
	if u, err := url.Parse(s.URL); err == nil {
		s.Secret = u.RawQuery != "" || u.User != nil // who knows what is in it
	}
	if s.Name == "" {
		s.Name = hostSlug(s.URL)
	}
	return withFields(s, params)
}

func expandWebhook(_ *Preset, params Params) ([]Spec, error) {
	s := Spec{Signature: params.one("signature")}
	s.ID, s.Name = params.one("id"), params.one("name")
	if s.Name == "" {
		s.Name = s.ID
	}
	s.URL = "/hooks/" + s.ID
	return withFields(s, params)
}

// withFields reads what a source of foreign objects may say.
func withFields(s Spec, params Params) ([]Spec, error) {
	for name := range params.Fields {
		if !slices.Contains(FieldNames(), name) {
			return nil, fmt.Errorf("a mention has no field %q: it has %s", name, strings.Join(FieldNames(), ", "))
		}
	}
	s.Fields = Fields{Paths: params.Fields, Items: params.one("items")}
	if resume := params.one("resume"); resume != "" {
		param, field, ok := strings.Cut(resume, "=")
		if !ok || param == "" || field == "" {
			return nil, fmt.Errorf("resume %q doesn't say what is set to what: write it as since=id", resume)
		}
		s.Fields.ResumeParam, s.Fields.ResumeField = param, field
	}
	s.Country, s.Language = params.one("country"), params.one("language")
	return []Spec{s}, nil
}

var isProject = regexp.MustCompile(`^[a-z0-9-]+\.[a-z]+(\.org)?$`).MatchString

func expandWikipedia(p *Preset, params Params) ([]Spec, error) {
	s, err := p.whole(params, "Wikipedia edits")
	if err != nil {
		return nil, err
	}
	for _, given := range params.Values["projects"] {
		project := strings.ToLower(given)
		if !isProject(project) {
			return nil, fmt.Errorf("project %q is no wiki, such as en.wikipedia.org", given)
		}
		if !strings.HasSuffix(project, ".org") {
			project += ".org"
		}
		s.Projects = append(s.Projects, project)
	}
	return []Spec{s}, nil
}

func expandPageViews(p *Preset, params Params) ([]Spec, error) {
	if len(params.Brands) != 1 {
		return nil, fmt.Errorf("it doesn't say which brand its articles are about: add brands: [%s], or another", params.Brands[0].ID)
	}
	var specs []Spec
	for _, given := range params.Values["articles"] {
		project, article, ok := strings.Cut(strings.TrimPrefix(given, "https://"), "/")
		article = strings.ReplaceAll(strings.TrimPrefix(article, "wiki/"), "_", " ")
		if !ok || article == "" || !isProject(project) {
			return nil, fmt.Errorf("article %q has no wiki and title, as en.wikipedia.org/Nokia has", given)
		}
		if !strings.HasSuffix(project, ".org") {
			project += ".org"
		}
		b := params.Brands[0]
		s := Spec{Watch: []string{b.ID}, Project: project, Article: article}
		s.ID = mood.Slug("wikipedia-views", b.ID, project, article) + "-" + shortHash(project+"/"+article)
		s.Name, s.URL = fmt.Sprintf("Readers of %s, %s", article, project), p.URL
		if at := params.one("url"); at != "" {
			s.URL = address(at, p.URL)
		}
		specs = append(specs, s)
	}
	return specs, nil
}
