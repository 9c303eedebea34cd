package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/eclipse/paho.golang/packets"

	"agora/mood"
)

// Health is how the source does. Where another process owns it, it is what that
// one said last.
func (s *Source) Health() mood.SourceHealth {
	s.lock.Lock()
	defer s.lock.Unlock()
	h := s.health
	h.Outages = slices.Clone(h.Outages) // the newest one ends by and by
	if s.owned || s.cfg.Own == nil {
		h.Today = s.today()
		h.ItemsPerDay = float64(h.Today)
	}
	return h
}

func (s *Source) today() (n int) {
	now := s.now().Unix() / 3600
	for hour, items := range s.hours {
		if now-hour >= 24 {
			delete(s.hours, hour)
			continue
		}
		n += items
	}
	return n
}

// share tells other processes how the source does, or learns it from them.
func (s *Source) share(ctx context.Context) {
	if s.cfg.States == nil || s.cfg.Own == nil {
		return
	}
	tick := time.NewTicker(shareEvery)
	defer tick.Stop()
	for {
		s.exchange(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Source) exchange(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shareEvery)
	defer cancel()
	id := s.cfg.Broker.ID
	s.lock.Lock()
	owned := s.owned
	s.lock.Unlock()
	if owned {
		text, err := json.Marshal(s.Health())
		if err == nil {
			_ = s.cfg.States.Put(ctx, KindHealth, id, text, shareFor) // the next one may be told
		}
		return
	}
	text, err := s.cfg.States.Get(ctx, KindHealth, id)
	if err != nil {
		return // nobody owns it yet, or the store is away
	}
	var h mood.SourceHealth
	if json.Unmarshal(text, &h) != nil || h.ID != id {
		return
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if !s.owned {
		s.health = h
	}
}

func (s *Source) own(yes bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.owned = yes
}

// connected notes that the broker answers.
func (s *Source) connected() {
	s.lock.Lock()
	defer s.lock.Unlock()
	now := s.now()
	h := &s.health
	h.State, h.Trouble, h.Since, h.LastError, h.LastStatus, h.NextPoll = mood.SourceFine, "", nil, "", 0, nil
	h.LastSuccess = &now
	if len(h.Outages) > 0 && h.Outages[0].To == nil {
		h.Outages[0].To = &now
	}
	s.failed = 0
}

// trouble notes that the connection failed or ended.
func (s *Source) trouble(err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.ail(mood.TroubleUnreachable, s.say(err))
	var refused *refusal
	switch {
	case errors.Is(err, errTaken):
		s.health.Trouble = mood.TroubleRefused
	case errors.As(err, &refused):
		s.health.Trouble = mood.TroubleRefused
		switch refused.code {
		case packets.ConnackBadUsernameOrPassword:
			s.health.LastStatus = 401 // as HTTP has it: it wants a login
		case packets.ConnackNotAuthorized:
			s.health.LastStatus = 403
		}
	}
	// A connection that is made anew at once is no outage.
	if n := s.failed; n == 2 {
		from := s.now()
		if s.health.LastSuccess != nil {
			from = *s.health.LastSuccess
		}
		s.health.Outages = append([]mood.Outage{{From: from}}, s.health.Outages...)
		s.health.Outages = s.health.Outages[:min(len(s.health.Outages), mood.MaxOutages)]
	}
}

// say tells why there is no connection: what happened, and what to do.
func (s *Source) say(err error) string {
	var (
		refused *refusal
		plain   tls.RecordHeaderError
		unknown x509.UnknownAuthorityError
	)
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the broker ended the connection; it is tried again"
	case errors.Is(err, errTaken), errors.As(err, &refused):
	case errors.As(err, &plain):
		return "it doesn't speak TLS: try the address with mqtt:// or ws://"
	case errors.As(err, &unknown):
		return "its certificate is signed by nobody that this machine knows: name who signed it under ca_file:"
	case s.cfg.Say != nil:
		return s.cfg.Say(err)
	}
	return err.Error()
}

func (s *Source) ail(kind mood.Trouble, why string) {
	h := &s.health
	now := s.now()
	if h.State != mood.SourceFailing || h.Since == nil {
		h.Since = &now
	}
	h.State, h.Trouble, h.LastStatus = mood.SourceFailing, kind, 0
	h.LastError = why
}

// undelivered notes that what came can't be kept.
func (s *Source) undelivered(err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.ail(mood.TroubleUndelivered, fmt.Sprintf("what the broker sent can't be kept, and waits there: %v", err))
}

// delivered notes what became of a bunch.
func (s *Source) delivered(r mood.Receipt) {
	s.lock.Lock()
	defer s.lock.Unlock()
	now := s.now()
	h := &s.health
	h.LastSuccess = &now
	if h.Trouble == mood.TroubleUndelivered {
		h.State, h.Trouble, h.Since, h.LastError = mood.SourceFine, "", nil, ""
	}
	h.TooOld += int64(r.TooOld)
	if n := r.Accepted + r.Duplicates + r.Unmatched; n > 0 {
		h.LastItem = &now
		s.hours[now.Unix()/3600] += r.Accepted + r.Unmatched
	}
	if len(r.Rejected) > 0 {
		s.note(len(r.Rejected), "had no usable "+field(r.Rejected[len(r.Rejected)-1].Error))
	}
}

// unfit notes messages that can't be used.
func (s *Source) unfit(n int, why string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.note(n, why)
}

// note says what was lost, and nothing of what was in it.
func (s *Source) note(n int, why string) {
	s.left += n
	if s.health.State != mood.SourceFailing {
		s.health.LastError = fmt.Sprintf("a message %s, the last of %d that were left out: see topics: in agora.yaml", why, s.left)
	}
}
