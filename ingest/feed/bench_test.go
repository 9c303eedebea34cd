package feed

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/mood"

	"github.com/mmcdole/gofeed"
)

// realFeeds are the captures that bare gofeed parses too, so that both do the
// same work.
func realFeeds(b *testing.B) (list []captured, size int64) {
	for _, c := range corpus(b) {
		if !strings.HasPrefix(c.class, "real") {
			continue
		}
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(c.body)); err != nil {
			continue
		}
		list = append(list, c)
		size += int64(len(c.body))
	}
	return list, size
}

func BenchmarkRealFeeds(b *testing.B) {
	list, size := realFeeds(b)
	now := time.Now()
	u, _ := url.Parse("https://example.org/feed.xml")
	b.Run("to mentions, guarded", func(b *testing.B) {
		p := newParser()
		items := 0
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for _, c := range list {
				doc, err := p.parse(context.Background(), c.body, "application/xml", u)
				if err != nil {
					b.Fatal(c.name, err)
				}
				items += len(mentions(doc, mood.Source{ID: "s", URL: u.String()}, u, now, false))
			}
		}
		b.ReportMetric(float64(items)/b.Elapsed().Seconds(), "items/s")
	})
	b.Run("bare gofeed", func(b *testing.B) {
		items := 0
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for _, c := range list {
				f, err := gofeed.NewParser().Parse(bytes.NewReader(c.body))
				if err != nil {
					b.Fatal(c.name, err)
				}
				items += len(f.Items)
			}
		}
		b.ReportMetric(float64(items)/b.Elapsed().Seconds(), "items/s")
	})
}

func BenchmarkText(b *testing.B) {
	html := strings.Repeat(`<p>Nokia &amp; <a href="https://example.org/x">Bell Labs</a> won a <b>deal</b>.</p>`, 50)
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		Text(html)
	}
}
