package social

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// States are kept under the ids: one that changes makes a source a new one.
func TestIDsOfSourcesStayTheSame(t *testing.T) {
	t.Parallel()
	two := Params{Brands: brands, Searches: only(nil).Searches}
	for _, c := range []struct {
		preset string
		values map[string][]string
		want   string // ids and addresses
	}{
		{"bluesky", nil, "bluesky wss://jetstream2.us-west.bsky.network/subscribe"},
		{"bluesky", map[string][]string{"url": {"http://127.0.0.1:8000"}}, "bluesky-127.0.0.1-673b8835 http://127.0.0.1:8000/subscribe"},
		{"gdelt", nil, "gdelt-nokia https://api.gdeltproject.org/api/v2/doc/doc, gdelt-ericsson https://api.gdeltproject.org/api/v2/doc/doc"},
		{"hackernews", map[string][]string{"url": {"http://127.0.0.1:8000/api/v1"}}, "hacker-news-nokia http://127.0.0.1:8000/api/v1/search_by_date, hacker-news-ericsson http://127.0.0.1:8000/api/v1/search_by_date"},
		{"mastodon", map[string][]string{"instances": {"mastodon.social", "127.0.0.1:3000", "http://[::1]:80/"}, "tags": {"#NokiaÄ"}},
			"mastodon-mastodon.social-nokiaä https://mastodon.social/tags/Nokia%C3%84, mastodon-127.0.0.1-3000-nokiaä http://127.0.0.1:3000/tags/Nokia%C3%84, mastodon----1--80-nokiaä http://[::1]:80/tags/Nokia%C3%84"},
		{"wikipedia", nil, "wikipedia https://stream.wikimedia.org/v2/stream/recentchange"},
		{"sse", map[string][]string{"url": {"https://a.example/s"}}, "sse-a.example-75c0bc9a https://a.example/s"},
		{"webhook", map[string][]string{"id": {"crm"}}, "crm /hooks/crm"},
	} {
		p := two
		p.Values, p.Token = c.values, "x"
		list, err := Expand(c.preset, p)
		var got []string
		for _, s := range list {
			got = append(got, s.ID+" "+s.URL)
		}
		if err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, %v", c.preset, strings.Join(got, ", "), err)
		}
	}
}

func TestWhatIsWrongWithASourceIsQuoted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		preset string
		params Params
		want   string
	}{
		{"bluesky", only(map[string][]string{"url": {"ftp://x"}}), `"ftp://x/subscribe" is no address of a stream`},
		{"bluesky", only(map[string][]string{"languages": {"Finnish"}}), `language "Finnish" is no code`},
		{"mastodon", only(map[string][]string{"instances": {"a b"}, "tags": {"x"}}), `instance "a b" is no host name`},
		{"mastodon", only(map[string][]string{"instances": {"a.example"}, "tags": {"no kia"}}), `tag "no kia" is no hashtag`},
		{"mastodon", only(map[string][]string{"tags": {"x"}}), `needs "instances"`},
		{"webhook", only(map[string][]string{"id": {"x"}}), `needs "secret"`},
		{"sse", only(map[string][]string{"url": {"ws://x/y"}}), `"ws://x/y" is no address of a stream`},
		{"ndjson", only(map[string][]string{"url": {"http://x/y"}, "resume": {"since"}}), `resume "since" doesn't say`},
		{"wikipedia", only(map[string][]string{"projects": {"English"}}), `project "English" is no wiki`},
		{"wikipedia-views", only(map[string][]string{"articles": {"Nokia"}}), `article "Nokia" has no wiki and title`},
		{"nothing", only(nil), `there is no preset "nothing"`},
	} {
		if _, err := Expand(c.preset, c.params); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.preset, err, c.want)
		}
	}
}

func TestAnAddressMayBeGivenInPart(t *testing.T) {
	t.Parallel()
	const usual = "https://hn.algolia.com/api/v1/search_by_date"
	for given, want := range map[string]string{
		"": usual, "http://h": "http://h/api/v1/search_by_date", "http://h/": "http://h/api/v1/search_by_date", "http://h:1/api": "http://h:1/api/v1/search_by_date",
		"http://h/api/v1/": "http://h/api/v1/search_by_date", "http://h/own/search": "http://h/own/search", usual: usual, "http://h/ap": "http://h/ap",
	} {
		if got := address(given, usual); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestMannersAreTheServicesUnlessTheOperatorNamesThatVeryServer(t *testing.T) {
	t.Parallel()
	m := newManners(map[string]time.Duration{"127.0.0.1": 0, "127.0.0.1:81": time.Minute, "slow.example": time.Hour, "own.example": 0}, time.Now)
	strict, gentle := etiquette{gap: 5 * time.Second, strict: true}, etiquette{gap: time.Second}
	for _, c := range []struct {
		address string
		e       etiquette
		want    time.Duration
	}{
		{"http://127.0.0.1:80", strict, 5 * time.Second}, {"http://127.0.0.1:80", gentle, 0}, {"ws://127.0.0.1:81", strict, time.Minute},
		{"https://slow.example", strict, time.Hour}, {"https://api.slow.example", gentle, time.Hour}, {"https://a.own.example", gentle, 0}, {"https://other.example", gentle, time.Second}, {"https://other.example", strict, 5 * time.Second},
	} {
		u, err := webAddress(strings.Replace(c.address, "ws:", "http:", 1))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.gap(u, c.e); got != c.want {
			t.Errorf("%s: %v, want %v", c.address, got, c.want)
		}
	}
}

func TestEveryPresetSaysAllThatPeopleNeed(t *testing.T) {
	t.Parallel()
	for _, p := range Presets() {
		if p.About == "" || len(p.Notes) == 0 || p.expand == nil || p.open == nil && p.Name != "webhook" || p.Live == (p.Every > 0) || !strings.HasPrefix(p.Example(), "- preset: "+p.Name+"\n") {
			t.Errorf("%s: %s", p.Name, fmt.Sprint(p))
		}
	}
}
