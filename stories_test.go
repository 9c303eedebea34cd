package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"agora/mood"
)

// reprint is the n-th thing that happens, as an outlet prints it.
func reprint(n int, outlet string) map[string]string {
	title := fmt.Sprintf("Nokia opens plant number %d in region %d a year late", n, n*31%89)
	return map[string]string{
		"id": fmt.Sprint(outlet, "-", n), "source": outlet, "title": title + " - " + outlet,
		"url": fmt.Sprintf("https://%s.example/%d", outlet, n),
	}
}

func (p *agoraProcess) push(items ...map[string]string) {
	p.t.Helper()
	body, err := json.Marshal(items)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := http.Post(p.url+"/api/v1/mentions", "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		p.t.Errorf("pushed: %s", response.Status)
	}
}

func (p *agoraProcess) json(method, path string, into any) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
}

// told waits until a process counts so many mentions, and says how many stories
// they tell by its board and by its list.
func (p *agoraProcess) told(mentions int64) (board, list int64) {
	p.t.Helper()
	var b mood.Board
	within(p.t.(*testing.T), fmt.Sprint(mentions, " mentions"), func() bool {
		p.json(http.MethodGet, "/api/v1/board?brand=nokia&window=24h", &b)
		return b.Brands["nokia"].Total.Mentions == mentions
	})
	var l mood.MentionList
	p.json(http.MethodGet, "/api/v1/mentions?brand=nokia&window=24h&fold=story&limit=500", &l)
	if int64(len(l.Mentions)) != l.Stories || l.Total != mentions {
		p.t.Errorf("a folded list has %d rows, %d stories and %d mentions", len(l.Mentions), l.Stories, l.Total)
	}
	if b.Brands["nokia"].Total.Stories == nil {
		p.t.Fatal("the board has no number of stories")
	}
	return *b.Brands["nokia"].Total.Stories, l.Stories
}

func (p *agoraProcess) tells(mentions, stories int64, when string) {
	p.t.Helper()
	if board, list := p.told(mentions); board != stories || list != stories {
		p.t.Errorf("%s: %d stories by the board and %d by the list, want %d", when, board, list, stories)
	}
}

func storyConfig(t *testing.T, dir, redis string) string {
	config := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(config, fmt.Appendf(nil, "listen: 127.0.0.1:0\nredis: %q\nbrands: [{id: nokia, name: Nokia}, {id: plant, name: plant}]\nlimits: {push_per_second: 1000000}\n", redis), 0o600))
	return config
}

func TestReprintsAtSeveralProcessesAreOneStory(t *testing.T) {
	t.Parallel()
	r := newRedisProcess(t)
	dir := t.TempDir()
	config := storyConfig(t, dir, r.url())
	in := func(name string) *agoraProcess {
		return startAgora(t, "serve", "--config", config, "--data", filepath.Join(dir, name))
	}
	a, b := in("a"), in("b")
	const reports = 120
	var group sync.WaitGroup
	for p, outlets := range map[*agoraProcess][]string{a: {"guardian", "reuters"}, b: {"bbc", "yle"}} {
		for _, outlet := range outlets { // all of them print all of it, at once
			group.Go(func() {
				for n := range reports {
					p.push(reprint(n, outlet))
				}
			})
		}
	}
	group.Wait()
	a.tells(4*reports, reports, "after four outlets printed them")
	b.kill()
	b.start()
	b.push(reprint(7, "elpais"), reprint(8, "elpais"), reprint(reports, "elpais"))
	b.tells(4*reports+3, reports+1, "after one process was killed")
}

func TestReprintsFoldAfterAKillAndTheRecountAgrees(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := storyConfig(t, dir, "")
	p := startAgora(t, "serve", "--config", config, "--data", filepath.Join(dir, "data"))
	const reports = 60
	for n := range reports {
		p.push(reprint(n, "guardian"), reprint(n, "bbc"))
	}
	p.kill() // what the store held may not be on disk yet
	p.start()
	for n := range reports {
		p.push(reprint(n, "yle"))
	}
	p.tells(3*reports, reports, "after a kill")

	// The first of a story goes, and the next stands for it.
	var l mood.MentionList
	p.json(http.MethodGet, "/api/v1/mentions?brand=nokia&window=24h&limit=500", &l)
	one := l.Mentions[0].Story
	for range 2 {
		var s struct{ First mood.Mention }
		p.json(http.MethodGet, "/api/v1/stories/"+one+"?brand=nokia", &s)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, p.url+"/api/v1/mentions/"+s.First.ID, nil)
		must(t, err)
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		must(t, response.Body.Close())
	}
	p.tells(3*reports-2, reports, "after two of three were withdrawn")
	var v mood.Verification
	within(t, "a verification", func() bool {
		p.json(http.MethodPost, "/api/v1/store/verify", &v)
		return len(v.Brands) == 2
	})
	for _, b := range v.Brands {
		if b.Differences != 0 || b.Counters == 0 {
			t.Errorf("a recount of %s has %d differences of %d counters: %+v", b.Brand, b.Differences, b.Counters, b.First)
		}
	}
}
