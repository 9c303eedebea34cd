package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"agora/mood"
)

// received is a document that came, with what is known of its way here.
type received struct {
	body        []byte
	contentType string
	language    string   // Content-Language
	url         *url.URL // what relative addresses start from
	page        *url.URL // where it was, after redirects
	links       hubLinks // that the answer's head names
	cut         bool     // the connection ended before the body did
}

// take parses what came and delivers what is new of it. On success st knows
// what was delivered; on an error it is as it was.
func (p *Poller) take(ctx context.Context, src mood.Source, st *state, came received, now time.Time, event *Event) error {
	first := st.LastSuccess.IsZero() || st.Again
	doc, all, err := p.parser.read(ctx, came, src, now, first)
	if err != nil {
		var crash *panicError
		if errors.As(err, &crash) {
			p.log.Error("a feed made the parser panic", slog.String("source", src.ID), slog.Any("value", crash.value), slog.String("stack", string(crash.stack)))
		}
		return err
	}
	sifted := st.sift(all, src.ID, now)
	event.Items, event.Fresh, event.Edited = len(all), len(sifted.news), sifted.edits
	if len(sifted.deliver) > 0 {
		delivered, err := p.cfg.Deliver(ctx, src, sifted.deliver, first)
		if err != nil {
			return &deliverError{err}
		}
		st.TooOld += int64(delivered.TooOld)
	}
	st.keep(sifted, now)
	st.Asks = doc.asks
	st.Links = came.links.or(doc.links.from(came.url))
	st.describe(doc, len(all))
	st.remember(sifted.news, now)
	st.Again = false
	event.Result = "new"
	if len(sifted.deliver) == 0 {
		event.Result = "same"
	}
	return nil
}

// withFeedLink makes the address of an autodiscovered feed absolute.
func withFeedLink(err error, came received) error {
	if !errors.Is(err, errNotAFeed) || !looksLikeHTML(came.body) {
		return err
	}
	if found := autodiscover(toUTF8(came.body, came.contentType), came.page); found != "" {
		return fmt.Errorf("%w: this is a web page; its feed is %s", errNotAFeed, clip(found, 300))
	}
	return err
}
